'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { goInstall } = require('./go-install');
const { findOnPath, inCache, keep } = require('./places');
const { Problem } = require('./problem');
const { sdkDownload } = require('./sdk-download');

/** The newest release that `go install` can build: later ones replace modules. */
const version = 'v1.5.1';
const built = `temporal-cli-${version}`;
const downloaded = 'temporal-cli';

const byHand =
  'install the Temporal CLI (https://docs.temporal.io/cli) and put it on PATH or name it in TEMPORAL_CLI_PATH';

/** The Temporal CLI, with which a development server is started, if it is on this machine. */
function findTemporalCli() {
  const named = process.env['TEMPORAL_CLI_PATH'];
  if (named && !existsSync(named)) {
    throw new Problem(`TEMPORAL_CLI_PATH names ${named}, which does not exist`, 'mend it or unset it');
  }
  return named || findOnPath('temporal') || [inCache(downloaded), inCache(built)].find(existsSync);
}

/**
 * The Temporal CLI: the one that is there, else the one that the SDK downloads, else built with Go, which takes minutes
 * once.
 *
 * @param {import('./progress').Report} report
 * @returns {Promise<string>} its path
 * @throws {Problem} if it cannot be had
 */
async function temporalCli(report) {
  const found = findTemporalCli();
  if (found) return found;
  report('downloading');
  return keep(downloaded, (draft) => sdkDownload('createLocal', draft)).catch(() => build(report));
}

/** @param {import('./progress').Report} report */
const build = (report) =>
  goInstall(
    {
      name: built,
      packages: [`github.com/temporalio/cli/cmd/temporal@${version}`],
      made: (draft) => path.join(draft, 'temporal'),
      lacks:
        'The Temporal CLI is not on this machine, cannot be downloaded, and there is no Go to build it with',
      cannot: 'The Temporal CLI cannot be downloaded, nor built with Go',
      byHand,
    },
    report,
  );

module.exports = { findTemporalCli, temporalCli };
