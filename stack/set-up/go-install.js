'use strict';

const { CommandError, run } = require('./command');
const { findOnPath, keep } = require('./places');
const { Problem } = require('./problem');

/**
 * @typedef {object} GoPrograms
 * @property {string} name what they are kept as
 * @property {string[]} packages each with its version
 * @property {(draft: string) => string | Promise<string>} made what of the folder with the programs is kept
 * @property {string} lacks the fault where there is no Go
 * @property {string} cannot the fault where Go fails
 * @property {string} byHand how else they are had
 */

/**
 * Builds programs with Go, once, into the user's cache.
 *
 * @param {GoPrograms} programs
 * @param {import('./progress').Report} report
 * @returns {Promise<string>} where they are kept
 * @throws {Problem}
 */
async function goInstall({ name, packages, made, lacks, cannot, byHand }, report) {
  const go = findOnPath('go');
  if (!go) throw new Problem(lacks, `${byHand}, or install Go (https://go.dev/dl) and try again`);
  let modules = 0;
  let compiled = 0;
  return keep(name, async (draft) => {
    await run(go, ['install', '-v', '-ldflags=-s -w', ...packages], {
      env: { ...process.env, GOBIN: draft },
      onLine: (line) => {
        if (line.startsWith('go: downloading'))
          report(`building it with Go, once: ${++modules} modules fetched`);
        else report(`building it with Go, once: ${++compiled} packages compiled`);
      },
    });
    return made(draft);
  }).catch((/** @type {unknown} */ error) => {
    if (!(error instanceof CommandError)) throw error;
    throw new Problem(cannot, `look whether the network and GOPROXY let Go fetch modules, or ${byHand}`, {
      cause: error,
    });
  });
}

module.exports = { goInstall };
