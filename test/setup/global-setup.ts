import { startDevServer } from '../../stack/dev-server';
import { getServers } from '../../stack/set-up/servers';
import { keepForTeardown } from './shared-dev-server';

/** Finds or gets the servers, starts the development server that all test files share, and leaves its address to them. */
export default async function globalSetup(): Promise<void> {
  await getServers();
  const server = await startDevServer();
  keepForTeardown(server);
  // A run that is broken off ends without teardown; by way of `exit` it takes the server with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  Object.assign(process.env, {
    TEST_DEV_SERVER_ADDRESS: server.address,
    TEST_DEV_SERVER_UI: server.uiUrl,
  });
}
