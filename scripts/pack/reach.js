'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');
const { root } = require('../../stack/set-up/places');

/**
 * Everything that a source file reaches: what it imports, at once or later, and what it has Temporal load by its path. A
 * package holds that and nothing else, without a list that somebody must keep.
 *
 * @param {string} entry in the checkout, such as `cli/main.ts`
 * @returns {{ files: string[], packages: string[] }} our sources, by where they stand, and the packages of others
 */
function reach(entry) {
  const files = new Set([path.join(root, entry)]);
  /** @type {Set<string>} */
  const packages = new Set();
  // What is added while the loop runs is looked at too.
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    const byPath = [...text.matchAll(/require\.resolve\('(\.[^']+)'\)/g)].map(([, name = '']) => name);
    for (const name of [...imported, ...byPath]) {
      if (name.startsWith('.')) files.add(sourceOf(name, file));
      else if (!name.startsWith('node:')) packages.add(packageOf(name));
    }
  }
  return {
    files: [...files].map((file) => path.relative(root, file)).sort(),
    packages: [...packages].sort(),
  };
}

/** @param {string} name @param {string} importer */
function sourceOf(name, importer) {
  const { resolvedModule } = ts.resolveModuleName(name, importer, { resolveJsonModule: true }, ts.sys);
  if (!resolvedModule) throw new Error(`${importer} imports ${name}, which is not there`);
  return resolvedModule.resolvedFileName;
}

/** @param {string} name such as `libphonenumber-js/min` */
const packageOf = (name) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

module.exports = { reach };
