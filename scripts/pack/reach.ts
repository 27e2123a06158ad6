import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * Everything that a source file reaches: what it imports, at once or later, and what it has Temporal load by its path. A
 * package holds that and nothing else, without a list that somebody must keep.
 *
 * @param entry in the checkout, such as `cli/main.ts`
 * @returns our sources, by where they stand, and the packages of others
 */
export function reach(entry: string): { files: string[]; packages: string[] } {
  const files = new Set([path.resolve(entry)]);
  const packages = new Set<string>();
  // What is added while the loop runs is looked at too.
  for (const file of files) {
    const imported = importsOf(file);
    imported.files.forEach((each) => files.add(each));
    imported.packages.forEach((each) => packages.add(each));
  }
  return {
    files: [...files].map((file) => path.relative('', file)).sort(),
    packages: [...packages].sort(),
  };
}

/** What one source file imports: our sources by their absolute paths, and the packages of others. */
export function importsOf(file: string): { files: string[]; packages: string[] } {
  const text = readFileSync(file, 'utf8');
  const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const byPath = [...text.matchAll(/require\.resolve\('(\.[^']+)'\)/g)].map(([, name = '']) => name);
  const names = [...imported, ...byPath];
  return {
    files: names.filter((name) => name.startsWith('.')).map((name) => sourceOf(name, file)),
    packages: names.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf),
  };
}

function sourceOf(name: string, importer: string): string {
  const { resolvedModule } = ts.resolveModuleName(name, importer, { resolveJsonModule: true }, ts.sys);
  if (!resolvedModule) throw new Error(`${importer} imports ${name}, which is not there`);
  return resolvedModule.resolvedFileName;
}

/** @param name such as `libphonenumber-js/min` */
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
