import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';

/**
 * A hash of all that a chart does: of its module and of every module of ours that it reaches, with the bodies of guards,
 * actions and delays. Comments, types and layout do not count, nor where the modules stand: a version is frozen by moving
 * them into a folder of their own.
 */
export function chartHash(file: string): string {
  const modules = [...reached(file)].map(
    ([name, code]) => `${path.basename(name)}\n${code.replaceAll(/(\bfrom\s*")[^"]*(?=")/g, '$1')}`,
  );
  return createHash('sha256').update(modules.sort().join('\n')).digest('hex').slice(0, 16);
}

/** What a chart consists of: every module of ours that it reaches, by its place in the checkout, and the packages of others. */
export function partsOf(file: string): { modules: string[]; packages: string[] } {
  const modules = reached(file);
  const packages = [...modules.values()].flatMap((code) =>
    [...code.matchAll(/\bfrom\s*"(@?[a-z][\w./-]*)"/g)].map(([, name = '']) => name),
  );
  return {
    modules: [...modules.keys()].map((name) => path.relative(root, name)).sort(),
    packages: [...new Set(packages)].sort(),
  };
}

const root = path.resolve(__dirname, '../..');

function reached(file: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(file)) return found;
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    jsc: {
      parser: { syntax: 'typescript' },
      target: 'es2022',
      minify: { compress: true },
      externalHelpers: false,
    },
    minify: true,
    module: { type: 'es6' },
  });
  found.set(file, code);
  // What is imported as a type alone is gone by now.
  for (const [, name = ''] of code.matchAll(/\bfrom\s*"(\.[^"]*)"/g)) {
    const place = path.resolve(path.dirname(file), name);
    reached(statSync(`${place}.ts`, { throwIfNoEntry: false }) ? `${place}.ts` : `${place}/index.ts`, found);
  }
  return found;
}
