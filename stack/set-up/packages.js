'use strict';

// Runs before there are packages: it needs Node alone.
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * Whether what is installed is what the lock file says. Optional packages do not count: which of them are installed
 * depends on the machine.
 *
 * @param {string} folder
 */
function packagesInstalled(folder) {
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
 * Installs them; in the checkout npm builds it after that.
 *
 * @param {string} folder
 * @throws {Error} with what to do
 */
function installPackages(folder) {
  const remedy =
    'look whether the network and the registry in "npm config get registry" can be reached, and try again';
  console.error('Installing the packages …');
  runHere('npm', ['ci', '--no-audit', '--no-fund'], folder, `The packages cannot be installed: ${remedy}`);
}

/**
 * Runs a command that shows by itself how it gets on.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {string} otherwise what to say if it fails
 */
function runHere(command, args, cwd, otherwise) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(error ? `${otherwise} (${error.message})` : otherwise);
}

module.exports = { packagesInstalled, installPackages, runHere };
