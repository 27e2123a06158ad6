'use strict';

const { existsSync } = require('node:fs');
const { mkdir, mkdtemp, rename, rm } = require('node:fs/promises');
const { homedir } = require('node:os');
const path = require('node:path');

/** The checkout. */
const root = path.resolve(__dirname, '../..');

/** Where what was fetched or built for this user stays: outside of the checkout, so that every clone has it. */
const cacheFolder = () =>
  path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'preverified');

/** @param {string} name */
const inCache = (name) => path.join(cacheFolder(), name);

/**
 * Makes something that stays in the user's cache. It appears there whole or not at all: others may be making it too.
 *
 * @param {string} name
 * @param {(draft: string) => Promise<string>} make makes it in an empty folder and says where
 * @returns {Promise<string>} where it is kept
 */
async function keep(name, make) {
  const place = inCache(name);
  if (existsSync(place)) return place;
  await mkdir(cacheFolder(), { recursive: true });
  const draft = await mkdtemp(`${place}.`);
  try {
    const made = await make(draft);
    await rename(made, place).catch((/** @type {unknown} */ error) => {
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
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

module.exports = { root, inCache, keep, findOnPath };
