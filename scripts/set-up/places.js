'use strict';

const { existsSync } = require('node:fs');
const { homedir } = require('node:os');
const path = require('node:path');

/** The checkout. */
const root = path.resolve(__dirname, '../..');

/** Where what was fetched or built for this user stays: outside of the checkout, so that every clone has it. */
function cacheFolder() {
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'preverified');
}

/**
 * @param {string[]} commands
 * @returns {string | undefined} the first one of them that is on PATH
 */
function findOnPath(...commands) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return commands
    .flatMap((command) => folders.map((folder) => path.join(folder, command)))
    .find((file) => existsSync(file));
}

module.exports = { root, cacheFolder, findOnPath };
