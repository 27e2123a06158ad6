'use strict';

// What a fresh clone begins with: it has no packages yet and nothing is built, so this needs Node alone.
const { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { checkNode } = require('../../bin/node-version');
const { installPackages, packagesInstalled, runHere } = require('./packages');

const root = path.resolve(__dirname, '../..');
const mark = path.join(root, 'dist/.built');
/** The bench on Restate has packages of its own: they are large, and nothing else needs them. */
const restate = path.join(root, 'bench/restate');

/**
 * Makes the checkout ready to run: its packages installed, and built from its sources as they are.
 *
 * @throws {Error} with what to do, where a command fails; what the command says stands above it
 */
function setUp() {
  checkNode();
  if (!packagesInstalled(root)) installPackages(root);
  if (!isBuilt()) build();
}

/** Whether nothing has changed since the last build. A folder counts too: its time tells that a file has gone away. */
function isBuilt() {
  const built = statSync(mark, { throwIfNoEntry: false });
  const folders = readBuildConfig().include.map((pattern) => pattern.split('/')[0] ?? '');
  const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  const packages = path.join(restate, 'node_modules/.package-lock.json');
  const places = [...folders, ...settings].map((place) => path.join(root, place));
  return built !== undefined && [...places, packages].every((place) => newest(place) < built.mtimeMs);
}

/** @returns {{ include: string[] }} */
const readBuildConfig = () => JSON.parse(readFileSync(path.join(root, 'tsconfig.build.json'), 'utf8'));

/** @param {string} place @returns {number} the time of the last change */
function newest(place) {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) return 0;
  const inside = found.isDirectory() ? readdirSync(place) : [];
  const sources = inside.filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(found.mtimeMs, ...sources.map((name) => newest(path.join(place, name))));
}

/** Compiles everything to `dist/` and bundles the workflows there; what runs on Restate, where its packages are installed. */
function build() {
  const begun = new Date();
  console.error('Building …');
  /** @param {string[]} args */
  const node = (...args) =>
    runHere(process.execPath, args, root, 'The project cannot be built: mend what the compiler names');
  node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
  node('dist/worker/build-bundle.js');
  if (packagesInstalled(restate)) node('node_modules/typescript/bin/tsc', '-p', 'bench/restate/contestant');
  writeFileSync(mark, '');
  utimesSync(mark, begun, begun);
}

module.exports = { root, setUp, build, isBuilt };
