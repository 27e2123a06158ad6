'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { CommandError, run } = require('./command');
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
async function build(report) {
  const go = findOnPath('go');
  if (!go) {
    throw new Problem(
      'The Temporal CLI is not on this machine, cannot be downloaded, and there is no Go to build it with',
      `${byHand}, or install Go (https://go.dev/dl) and try again`,
    );
  }
  let modules = 0;
  let packages = 0;
  return keep(built, async (draft) => {
    await run(go, ['install', '-v', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@${version}`], {
      env: { ...process.env, GOBIN: draft },
      onLine: (line) => {
        if (line.startsWith('go: downloading'))
          report(`building it with Go, once: ${++modules} modules fetched`);
        else report(`building it with Go, once: ${++packages} packages compiled`);
      },
    });
    return path.join(draft, 'temporal');
  }).catch((/** @type {unknown} */ error) => {
    if (!(error instanceof CommandError)) throw error;
    throw new Problem(
      'The Temporal CLI cannot be downloaded, nor built with Go',
      `look whether the network and GOPROXY let Go fetch modules, or ${byHand}`,
      { cause: error },
    );
  });
}

module.exports = { findTemporalCli, temporalCli };
