import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is fetched or built once and kept between checkouts. */
export const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'preverified');

const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];

export function onPath(command) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of suffixes) {
      const file = path.join(folder, command + suffix);
      if (folder && existsSync(file)) return file;
    }
  }
  return null;
}
