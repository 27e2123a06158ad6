import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { findNamed, findOnPath } from './programs';

/** Where Debian and its relatives keep the server's programs, off PATH, a folder for each version. */
const debian = '/usr/lib/postgresql';

/** What to do where there is none. */
export const postgresRemedy =
  'install PostgreSQL 12 or newer ("apt-get install postgresql"), or name the folder of its programs in POSTGRES_BIN';

/** The folder with `initdb` and `postgres`: `POSTGRES_BIN`, else on PATH, else Debian's newest. */
export function findPostgres(): string | undefined {
  const onPath = findOnPath('postgres');
  return (
    findNamed('POSTGRES_BIN', hasPostgres, 'holds no program postgres') ??
    // What is on PATH may be a link to one program alone.
    (onPath ? path.dirname(realpathSync(onPath)) : installedByDebian())
  );
}

function installedByDebian(): string | undefined {
  if (!existsSync(debian)) return undefined;
  return readdirSync(debian)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(debian, version, 'bin'))
    .find(hasPostgres);
}

const hasPostgres = (folder: string) => existsSync(path.join(folder, 'postgres'));
