'use strict';

const { existsSync, readdirSync, realpathSync } = require('node:fs');
const path = require('node:path');
const { findOnPath } = require('./places');
const { Problem } = require('./problem');

/** Where Debian and its relatives keep the server's programs, off PATH, a folder for each version. */
const debian = '/usr/lib/postgresql';

/** What to do where there is none. */
const postgresRemedy =
  'install PostgreSQL 12 or newer ("apt-get install postgresql"), or name the folder of its programs in POSTGRES_BIN';

/** @returns {string | undefined} the folder with `initdb` and `postgres`: `POSTGRES_BIN`, else on PATH, else Debian's newest */
function findPostgres() {
  const named = process.env['POSTGRES_BIN'];
  if (named && !existsSync(path.join(named, 'postgres'))) {
    throw new Problem(`POSTGRES_BIN names ${named}, which holds no program postgres`, 'mend it or unset it');
  }
  const onPath = findOnPath('postgres');
  // What is on PATH may be a link to one program alone.
  return named || (onPath && path.dirname(realpathSync(onPath))) || installedByDebian();
}

function installedByDebian() {
  if (!existsSync(debian)) return undefined;
  return readdirSync(debian)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(debian, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'postgres')));
}

module.exports = { findPostgres, postgresRemedy };
