'use strict';

// npm run pack: makes the packages that are published, as tarballs in dist/packages.
const { mkdir } = require('node:fs/promises');
const path = require('node:path');
const { setUp } = require('../stack/set-up');
const { run } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { packages } = require('./pack/packages');
const { stage } = require('./pack/stage');

main(async () => {
  const progress = new Progress();
  await setUp(progress);
  const made = path.join(root, 'dist/packages');
  await mkdir(made, { recursive: true });
  for (const wanted of packages) {
    await progress.step(`Pack ${wanted.name}`, () => pack(wanted, made), told);
  }
});

/**
 * @typedef {{ filename: string, size: number, unpackedSize: number }} Tarball
 *
 * @param {import('./pack/packages').Packed} wanted
 * @param {string} made the folder for it
 * @returns {Promise<Tarball>}
 */
async function pack(wanted, made) {
  const folder = path.join(made, wanted.name);
  await stage(wanted, folder);
  const said = await run('npm', ['pack', '--json', '--silent', '--pack-destination', made], { cwd: folder });
  return JSON.parse(said)[0];
}

/** @param {Tarball} tarball */
const told = ({ filename, size, unpackedSize }) =>
  `dist/packages/${filename}, ${megabytes(size)} MB, unpacked ${megabytes(unpackedSize)} MB`;

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
