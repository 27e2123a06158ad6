import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { goInstall } from './go-install';
import { findNamed, findOrMake, inCache, type Report } from './programs';

/** The server that the Temporal CLI holds too, so that the two differ only in where they keep things. */
const version = 'v1.29.1';
const built = `temporal-server-${version}`;

/** What Temporal's releases call its programs, and the packages that they are built from. */
const programs = { 'temporal-server': 'cmd/server', 'temporal-sql-tool': 'cmd/tools/sql' };

/**
 * The folder with `temporal-server`, which keeps everything in a database, and `temporal-sql-tool`, which makes its tables
 * there: those that are on this machine, else built with Go.
 *
 * @throws {StartError} if they cannot be had
 */
export const getTemporalServer = () => findOrMake('the Temporal server', findTemporalServer, make);

export const findTemporalServer = () =>
  findNamed('TEMPORAL_SERVER_BIN', isComplete, `does not hold ${Object.keys(programs).join(' and ')}`) ??
  [inCache(built)].find(isComplete);

const isComplete = (folder: string) =>
  Object.keys(programs).every((name) => existsSync(path.join(folder, name)));

const make = (report: Report) =>
  goInstall(
    {
      name: built,
      packages: Object.values(programs).map((program) => `go.temporal.io/server/${program}@${version}`),
      async made(draft) {
        for (const [name, program] of Object.entries(programs))
          await rename(path.join(draft, path.basename(program)), path.join(draft, name));
        return draft;
      },
      lacks: 'The Temporal server is not on this machine, and there is no Go to build it with',
      cannot: 'The Temporal server cannot be built with Go',
      byHand:
        'unpack a release of it (https://github.com/temporalio/temporal/releases) and name the folder in TEMPORAL_SERVER_BIN',
    },
    report,
  );
