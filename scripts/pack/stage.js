'use strict';

const { cp, mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { root } = require('../../stack/set-up/places');
const { Problem } = require('../../stack/set-up/problem');
const { declare } = require('./declare');
const { reach } = require('./reach');

/** What browsers read is not compiled: it stands beside the code that serves it. */
const served = ['.css', '.html', '.js'];

/**
 * Makes a folder that holds a package as it is published.
 *
 * @param {import('./packages').Packed} wanted
 * @param {string} folder
 * @throws {Problem} where it imports a package that is none of our dependencies, or cannot be compiled
 */
async function stage(wanted, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { files, packages } = reach(wanted.entry);
  const code = path.join(folder, 'dist');
  for (const file of files) await copyCompiled(file, code);
  for (const name of new Set(files.map((file) => file.split(path.sep)[0] ?? ''))) {
    await copyServed(name, path.join(code, name));
  }
  if (wanted.types) declare(files, code);
  for (const [from, to] of Object.entries({ ...wanted.copies, LICENSE: 'LICENSE' })) {
    await cp(path.join(root, from), path.join(folder, to), { recursive: true });
  }
  const manifest = await manifestOf(wanted, [...packages, ...wanted.brings]);
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** As the build has left it, but for its source map, which is of no use without the source. @param {string} file @param {string} to */
async function copyCompiled(file, to) {
  const compiled = file.replace(/\.ts$/, '.js');
  const code = await readFile(path.join(root, 'dist', compiled), 'utf8');
  await mkdir(path.dirname(path.join(to, compiled)), { recursive: true });
  await writeFile(path.join(to, compiled), code.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
}

/** @param {string} name @param {string} to */
async function copyServed(name, to) {
  const files = await readdir(path.join(root, name), { recursive: true });
  for (const file of files.filter((each) => served.includes(path.extname(each)))) {
    await cp(path.join(root, name, file), path.join(to, file), { recursive: true });
  }
}

/**
 * No scripts and no development packages: those are the checkout's.
 *
 * @param {import('./packages').Packed} wanted
 * @param {string[]} imported
 */
async function manifestOf({ name, description, manifest }, imported) {
  const { version, license, engines, dependencies } = await readManifest();
  const foreign = imported.filter((each) => !(each in dependencies));
  if (foreign.length > 0) {
    throw new Problem(
      `${name} imports ${foreign.join(', ')}`,
      'list it among the dependencies of package.json, or do without',
    );
  }
  return {
    name,
    version,
    description,
    license,
    type: 'commonjs',
    engines,
    ...manifest,
    dependencies: Object.fromEntries(imported.sort().map((each) => [each, dependencies[each]])),
  };
}

/** @returns {Promise<{ version: string, license: string, engines: object, dependencies: Record<string, string> }>} */
const readManifest = async () => JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

module.exports = { stage };
