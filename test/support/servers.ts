import { randomUUID } from 'node:crypto';
import { msToTs } from '../../temporal/sdk-internals';
import {
  TestWorkflowEnvironment,
  type TimeSkippingTestWorkflowEnvironmentOptions,
} from '@temporalio/testing';
import { createSearchAttributes } from '../../temporal/namespace';
import { startDevServer, type DevServerOptions } from '../../stack/dev-server';
import { freePort } from '../../stack/ports';
import { getTimeSkippingServer } from '../../stack/set-up/time-skipping-server';
import { quiet } from './quiet';

type ClientOptions = TimeSkippingTestWorkflowEnvironmentOptions['client'];

/** A real Temporal server with the pool's search attributes. */
export interface TestServer {
  /** Connections and a client to it; `env.namespace` is undefined where it is `default`. */
  env: TestWorkflowEnvironment;
  /** `null` where it has no UI. */
  uiUrl: string | null;
  close: () => Promise<void>;
}

/** A namespace of its own on the development server that all test files share. */
export async function ownNamespace(client?: ClientOptions): Promise<TestServer> {
  const namespace = `test-${randomUUID()}`;
  const env = await connect(fromSetUp('TEST_DEV_SERVER_ADDRESS'), namespace, client);
  await env.connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  await createSearchAttributes(env.connection, namespace);
  return { env, uiUrl: fromSetUp('TEST_DEV_SERVER_UI'), close: () => env.teardown() };
}

export interface OwnDevServer extends TestServer {
  /** Is gone meanwhile, as after a power cut. It keeps only what it has in a `file`. */
  outage: (meanwhile: () => Promise<void>) => Promise<void>;
}

/** A development server of its own, for what all test files cannot share: dynamic configuration, a codec for the UI. */
export async function ownDevServer(
  options: DevServerOptions = {},
  client?: ClientOptions,
): Promise<OwnDevServer> {
  const where = { uiPort: null, port: await freePort(), ...options };
  let server = await startDevServer(where);
  const env = await connect(server.address, 'default', client);
  return {
    env,
    uiUrl: server.uiUrl,
    async outage(meanwhile) {
      await server.kill();
      try {
        await meanwhile();
      } finally {
        server = await startDevServer(where);
      }
    },
    async close() {
      await env.teardown();
      await server.stop();
    },
  };
}

/** A server of its own on which months pass in moments, while a result is awaited or on `env.sleep`. */
export async function timeSkippingServer(client?: ClientOptions): Promise<TestServer> {
  quiet();
  const env = await createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await getTimeSkippingServer() } },
    ...(client && { client }),
  });
  await createSearchAttributes(env.connection, 'default');
  return { env, uiUrl: null, close: () => env.teardown() };
}

/** The SDK gives a server five seconds to start: on a busy machine a Java program takes that by itself. */
async function createTimeSkipping(options: TimeSkippingTestWorkflowEnvironmentOptions) {
  for (let tries = 1; ; tries++) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping(options);
    } catch (error) {
      if (tries === 12) throw error;
    }
  }
}

async function connect(address: string, namespace: string, client?: ClientOptions) {
  quiet();
  return TestWorkflowEnvironment.createFromExistingServer({ address, namespace, ...(client && { client }) });
}

/** What jest's global set-up has left in the environment. */
function fromSetUp(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this test with jest, whose global set-up sets it`);
  return value;
}
