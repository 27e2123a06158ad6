import { existsSync } from 'node:fs';
import path from 'node:path';
import { goInstall } from './go-install';
import { findNamed, findOnPath, findOrMake, inCache, keep, type Report } from './programs';
import { sdkDownload } from './sdk-download';

/** The newest release that `go install` can build: later ones replace modules. */
const version = 'v1.5.1';
const built = `temporal-cli-${version}`;
const downloaded = 'temporal-cli';

/**
 * The Temporal CLI, with which a development server is started: the one that is there, else the one that the SDK
 * downloads, else built with Go.
 *
 * @throws {StartError} if it cannot be had
 */
export const getTemporalCli = () => findOrMake('the Temporal CLI', find, make);

const find = () =>
  findNamed('TEMPORAL_CLI_PATH') ??
  findOnPath('temporal') ??
  [inCache(downloaded), inCache(built)].find(existsSync);

async function make(report: Report): Promise<string> {
  report('downloading');
  return keep(downloaded, (draft) => sdkDownload('createLocal', draft)).catch(() => build(report));
}

const build = (report: Report) =>
  goInstall(
    {
      name: built,
      packages: [`github.com/temporalio/cli/cmd/temporal@${version}`],
      made: (draft) => path.join(draft, 'temporal'),
      lacks:
        'The Temporal CLI is not on this machine, cannot be downloaded, and there is no Go to build it with',
      cannot: 'The Temporal CLI cannot be downloaded, nor built with Go',
      byHand:
        'install the Temporal CLI (https://docs.temporal.io/cli) and put it on PATH or name it in TEMPORAL_CLI_PATH',
    },
    report,
  );
