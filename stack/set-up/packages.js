'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { CommandError, run } = require('./command');
const { root } = require('./places');
const { Problem } = require('./problem');

/**
 * Whether what is installed is what the lock file says. Optional packages are left out: which of them are installed
 * depends on the machine.
 */
function packagesInstalled(folder = root) {
  const wanted = lockedPackages(path.join(folder, 'package-lock.json'));
  const installed = lockedPackages(path.join(folder, 'node_modules/.package-lock.json'));
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === '' || optional || installed[place]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>} by their places; empty where there is no such file
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * Installs the packages; npm builds the project after that.
 *
 * @throws {Problem}
 */
async function installPackages(folder = root) {
  try {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Problem(
      'The packages cannot be installed',
      'look whether the network and the registry in "npm config get registry" can be reached, and try again',
      { cause: error },
    );
  }
}

module.exports = { packagesInstalled, installPackages };
