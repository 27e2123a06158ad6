import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { cache, onPath } from './places.mjs';
import { downloaded } from './sdk-download.mjs';
import { run, SetupError, step, tail } from './step.mjs';

/** The newest tag that "go install" builds. */
const VERSION = 'v1.5.1';
const built = path.join(
  cache,
  `temporal-${VERSION}`,
  process.platform === 'win32' ? 'temporal.exe' : 'temporal',
);

/**
 * The Temporal CLI, whose dev server everything runs on: TEMPORAL_CLI_PATH, else on the PATH, else what the SDK
 * downloads, else built by Go; the last two are kept in the user's cache.
 */
export async function temporalCli() {
  const given = process.env.TEMPORAL_CLI_PATH;
  if (given) {
    if (existsSync(given)) return given;
    throw new SetupError(`TEMPORAL_CLI_PATH names ${given}, which does not exist: correct it or unset it.`);
  }
  const found = onPath('temporal');
  if (found) return found;
  if (existsSync(built)) return built;
  const fromSdk = await downloaded('dev-server');
  return fromSdk ?? step(`Build the Temporal CLI ${VERSION} with Go (two to three minutes, once)`, build);
}

async function build() {
  const folder = path.dirname(built);
  mkdirSync(folder, { recursive: true });
  const { code, output } = await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@${VERSION}`], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: '' },
  });
  if (code === 127) {
    throw new SetupError(
      'The Temporal CLI is missing: it could not be downloaded, and there is no Go to build it. Install it from ' +
        'https://docs.temporal.io/cli (or set TEMPORAL_CLI_PATH), or install Go from https://go.dev/dl, and run this again.',
    );
  }
  if (code !== 0) {
    throw new SetupError(
      `The Temporal CLI could not be built: the Go module proxy may be out of reach. Connect to the network, or install ` +
        `the CLI from https://docs.temporal.io/cli, and run this again.\n${tail(output)}`,
    );
  }
  return built;
}
