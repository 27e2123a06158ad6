'use strict';

const { readdirSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { CommandError, run } = require('./command');
const { root } = require('./places');
const { Problem } = require('./problem');
const { hasRestate } = require('./restate');

const sources = [
  'contract',
  'workflows',
  'activities',
  'settings',
  'temporal',
  'client',
  'audit',
  'worker',
  'gateway',
  'cli',
  'simulator',
  'stack',
  'bench',
  'scripts',
];
const settings = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'bench/restate/node_modules/.package-lock.json',
];
/** In folders of sources, but none themselves. */
const notSources = ['node_modules', 'dist'];
const mark = path.join(root, 'dist/.built');

/** Whether nothing has changed since the last build. A folder counts too: its time tells that a file has gone away. */
function isBuilt() {
  const built = statSync(mark, { throwIfNoEntry: false });
  return (
    built !== undefined &&
    [...sources, ...settings].every((place) => newest(path.join(root, place)) < built.mtimeMs)
  );
}

/** @param {string} place @returns {number} the time of the last change */
function newest(place) {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) return 0;
  const inside = found.isDirectory() ? readdirSync(place).filter((name) => !notSources.includes(name)) : [];
  return Math.max(found.mtimeMs, ...inside.map((name) => newest(path.join(place, name))));
}

/**
 * Compiles everything to `dist/` and bundles the workflows there; what runs on Restate, where its packages are installed.
 *
 * @throws {Problem} with what the compiler says
 */
async function build() {
  const begun = new Date();
  try {
    await compile('tsconfig.build.json');
    await run(process.execPath, ['dist/worker/build-bundle.js'], { cwd: root });
    if (hasRestate()) await compile('bench/restate/contestant');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Problem('The project cannot be built', 'mend what the compiler names', {
      cause: error,
    });
  }
  writeFileSync(mark, '');
  utimesSync(mark, begun, begun);
}

/** @param {string} project */
const compile = (project) =>
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { cwd: root });

module.exports = { isBuilt, build };
