'use strict';

const { existsSync } = require('node:fs');
const { rename } = require('node:fs/promises');
const path = require('node:path');
const { goInstall } = require('./go-install');
const { inCache } = require('./places');
const { Problem } = require('./problem');

/** The server that the Temporal CLI holds too, so that the two differ only in where they keep things. */
const version = 'v1.29.1';
const built = `temporal-server-${version}`;

/** What Temporal's releases call its programs, and the packages that they are built from. */
const programs = { 'temporal-server': 'cmd/server', 'temporal-sql-tool': 'cmd/tools/sql' };

/** @param {string} folder */
const isComplete = (folder) => Object.keys(programs).every((name) => existsSync(path.join(folder, name)));

/**
 * The folder with `temporal-server`, which keeps everything in a database, and `temporal-sql-tool`, which lays its
 * tables there, if they are on this machine.
 */
function findTemporalServer() {
  const named = process.env['TEMPORAL_SERVER_BIN'];
  if (named && !isComplete(named)) {
    const both = Object.keys(programs).join(' and ');
    throw new Problem(
      `TEMPORAL_SERVER_BIN names ${named}, which does not hold ${both}`,
      'mend it or unset it',
    );
  }
  return named || [inCache(built)].find(isComplete);
}

/**
 * The Temporal server's programs: those that are there, else built with Go, which takes minutes once.
 *
 * @param {import('./progress').Report} report
 * @returns {Promise<string>} their folder
 * @throws {Problem} if they cannot be had
 */
async function temporalServer(report) {
  return (
    findTemporalServer() ??
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
    )
  );
}

module.exports = { findTemporalServer, temporalServer };
