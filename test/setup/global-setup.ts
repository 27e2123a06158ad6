import { findChromium } from '../../stack/set-up/chromium';
import { Progress } from '../../stack/set-up/progress';
import { getServers } from '../../stack/set-up/servers';
import { startDevServer } from '../../stack/dev-server';
import { keepForTeardown } from './shared-dev-server';

/** Finds or gets the servers, starts the development server that all test files share, and tells them where it is. */
export default async function globalSetup(): Promise<void> {
  const { cli, testServer } = await getServers(new Progress());
  const server = await startDevServer({ cli });
  keepForTeardown(server);
  // A run that is broken off ends without teardown; by way of `exit` it takes the server with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const chromium = findChromium();
  Object.assign(process.env, {
    TEMPORAL_CLI_PATH: cli,
    TEMPORAL_TEST_SERVER_PATH: testServer,
    TEST_DEV_SERVER_ADDRESS: server.address,
    TEST_DEV_SERVER_UI: server.uiUrl,
    ...(chromium && { CHROMIUM_PATH: chromium }),
  });
}
