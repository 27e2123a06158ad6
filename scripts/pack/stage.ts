import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '../../settings/start-error';
import { declare } from './declare';
import type { Packed } from './packages';
import { reach } from './reach';

/** What browsers read is not compiled: it stands beside the code that serves it. */
const served = ['.css', '.html', '.js'];

/**
 * Makes a folder that holds a package as it is published.
 *
 * @throws {StartError} where it imports a package that is none of our dependencies
 */
export async function stage(wanted: Packed, folder: string): Promise<void> {
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
    await cp(from, path.join(folder, to), { recursive: true });
  }
  const manifest = await manifestOf(wanted, [...packages, ...wanted.brings]);
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** As the build has left it, but for its source map, which is of no use without the source. */
async function copyCompiled(file: string, to: string): Promise<void> {
  const compiled = file.replace(/\.ts$/, '.js');
  const code = await readFile(path.join('dist', compiled), 'utf8');
  await mkdir(path.dirname(path.join(to, compiled)), { recursive: true });
  await writeFile(path.join(to, compiled), code.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
}

async function copyServed(name: string, to: string): Promise<void> {
  const files = await readdir(name, { recursive: true });
  for (const file of files.filter((each) => served.includes(path.extname(each)))) {
    await cp(path.join(name, file), path.join(to, file), { recursive: true });
  }
}

/** No scripts and no development packages: those are the checkout's. */
async function manifestOf(
  { name, description, manifest }: Packed,
  imported: readonly string[],
): Promise<object> {
  const { version, license, engines, dependencies } = JSON.parse(
    await readFile('package.json', 'utf8'),
  ) as Manifest;
  const foreign = imported.filter((each) => !(each in dependencies));
  if (foreign.length > 0) {
    throw new StartError(
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
    dependencies: Object.fromEntries(imported.toSorted().map((each) => [each, dependencies[each]])),
  };
}

interface Manifest {
  version: string;
  license: string;
  engines: object;
  dependencies: Record<string, string>;
}
