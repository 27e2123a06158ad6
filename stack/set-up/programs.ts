import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { note } from '../../cli/print';
import { progress } from '../../cli/progress';
import { StartError } from '../../settings/start-error';

/** Where a program that was fetched or built stays: in the user's cache, so that every clone has it. */
export const inCache = (name: string) => path.join(cacheFolder(), name);

const cacheFolder = () =>
  path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'preverified');

/** The first of the commands that is on PATH. */
export function findOnPath(...commands: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return commands
    .flatMap((command) => folders.map((folder) => path.join(folder, command)))
    .find((file) => existsSync(file));
}

/** What an environment variable names. @throws {StartError} where it names something else than it should */
export function findNamed(
  variable: string,
  isRight: (place: string) => boolean = existsSync,
  lacks = 'does not exist',
): string | undefined {
  const place = process.env[variable];
  if (!place) return undefined;
  if (isRight(place)) return place;
  throw new StartError(`${variable} names ${place}, which ${lacks}`, 'mend it or unset it');
}

/** Shows how the making of a program gets on. */
export type Report = (line: string) => void;

/** A program that is on this machine, else made; how that gets on is shown on standard error. */
export async function findOrMake(
  what: string,
  find: () => string | undefined,
  make: (report: Report) => Promise<string>,
): Promise<string> {
  const found = find();
  if (found) return found;
  const shown = progress(null, `Getting ${what}`);
  const made = await make(shown.step).finally(() => shown.stop());
  note(`✓ ${made}`);
  return made;
}

/**
 * Makes something that stays in the user's cache. It appears there whole or not at all: others may be making it too.
 *
 * @param make makes it in an empty folder and says where
 * @returns where it is kept
 */
export async function keep(name: string, make: (draft: string) => Promise<string>): Promise<string> {
  const place = inCache(name);
  if (existsSync(place)) return place;
  await mkdir(cacheFolder(), { recursive: true });
  const draft = await mkdtemp(`${place}.`);
  try {
    await rename(await make(draft), place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
