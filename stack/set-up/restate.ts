import path from 'node:path';
import { run } from './command';
import { installPackages, packagesInstalled } from './packages';

/** The bench on Restate has packages of its own: they are large, and nothing else needs them. */
const folder = path.resolve('bench/restate');

/** What keeps the bench from running here. */
export const restateLacks = () =>
  packagesInstalled(folder)
    ? undefined
    : 'its packages are not installed: run "npm ci --prefix bench/restate"';

/** Installs the packages and compiles what needs them, unless the build has done so. */
export async function getRestate(): Promise<void> {
  if (packagesInstalled(folder)) return;
  installPackages(folder);
  await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', path.join(folder, 'contestant')]);
}
