import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { print } from '../cli/print';
import { asMain } from '../stack/as-main';
import { run } from '../stack/set-up/command';
import { packages, type Packed } from './pack/packages';
import { stage } from './pack/stage';

interface Tarball {
  filename: string;
  size: number;
  unpackedSize: number;
}

/** `npm run pack`: makes the packages that are published, as tarballs in dist/packages. */
async function packAll(): Promise<void> {
  const folder = path.resolve('dist/packages');
  await mkdir(folder, { recursive: true });
  for (const wanted of packages) {
    const { filename, size, unpackedSize } = await pack(wanted, folder);
    print(`✓ dist/packages/${filename}, ${megabytes(size)} MB, unpacked ${megabytes(unpackedSize)} MB`);
  }
}

/** @param to the folder for the tarball */
async function pack(wanted: Packed, to: string): Promise<Tarball> {
  const folder = path.join(to, wanted.name);
  await stage(wanted, folder);
  const said = await run('npm', ['pack', '--json', '--silent', '--pack-destination', to], { cwd: folder });
  return (JSON.parse(said) as [Tarball])[0];
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

asMain(packAll);
