import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporal } from '@temporalio/proto';
import { createSearchAttributes } from '../../temporal/namespace';
import { ownDevServer, type TestServer } from '../support/servers';
import { WorkerProcess } from './fixtures/worker-process';

const { INDEXED_VALUE_TYPE_DOUBLE } = temporal.api.enums.v1.IndexedValueType;

let server: TestServer;
let TEMPORAL_ADDRESS: string;
beforeAll(async () => {
  server = await ownDevServer({ bare: true });
  TEMPORAL_ADDRESS = server.env.address;
});
afterAll(() => server.close());

/** A worker that does not start: exit code 1, and only the sentence. */
async function complaintOf(env: Record<string, string>): Promise<string> {
  const { code, stderr } = await new WorkerProcess({
    GRAPH_ACCESS_TOKEN: 's3cret',
    LOG_LEVEL: 'error',
    ...env,
  }).ended();
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('s3cret');
  return stderr.trim();
}

test('a missing setting is named', async () => {
  expect(await complaintOf({ GRAPH_ACCESS_TOKEN: '' })).toMatch(
    /^A setting is wrong: GRAPH_ACCESS_TOKEN is missing: set it to [^\n]*$/,
  );
});

test('wrong settings are named all at once', async () => {
  const complaint = await complaintOf({
    POLICY_DAY: 'soon',
    PAYLOAD_KEYS: 's3cret',
    GRAPH_API_VERSION: 'latest',
  });
  expect(complaint.split('\n')).toEqual([
    expect.stringMatching(/^3 settings are wrong:/),
    expect.stringContaining('- PAYLOAD_KEYS '),
    expect.stringContaining('- GRAPH_API_VERSION '),
    expect.stringContaining('- POLICY_DAY '),
  ]);
});

test('a Temporal that cannot be reached is named with what to do', async () => {
  expect(await complaintOf({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toMatch(
    /^Temporal cannot be reached at 127\.0\.0\.1:1 \(without TLS\): start it there, [^\n]* or set TEMPORAL_ADDRESS [^\n]*$/,
  );
});

test('a missing namespace is named with the command that creates it', async () => {
  expect(await complaintOf({ TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: 'elsewhere' })).toBe(
    `Temporal at ${TEMPORAL_ADDRESS} has no namespace "elsewhere": create it with "temporal operator namespace create --namespace elsewhere", or set TEMPORAL_NAMESPACE`,
  );
});

test('missing search attributes are named with the command that creates them', async () => {
  const complaint = await complaintOf({ TEMPORAL_ADDRESS });
  expect(complaint).toContain(
    'lacks the search attributes NumberState, PortfolioId, WabaId, CustomerId, Country, Veri',
  );
  expect(complaint).toContain(
    'create them with "temporal operator search-attribute create --namespace default --name NumberState --type Keyword --name',
  );
  expect(complaint).toContain('--name NextDeadline --type Datetime');
});

test('a search attribute of another type is named', async () => {
  const { operatorService } = server.env.connection;
  await operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { Problem: INDEXED_VALUE_TYPE_DOUBLE },
  });
  expect(await complaintOf({ TEMPORAL_ADDRESS })).toMatch(
    /another type, Problem \(must be Keyword\): remove each with/,
  );
  await operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes: ['Problem'] });
});

describe('with all search attributes', () => {
  beforeAll(() => createSearchAttributes(server.env.connection, 'default'));

  test('an address for metrics that is taken is named', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const METRICS_ADDRESS = `127.0.0.1:${String((other.address() as AddressInfo).port)}`;
    const complaint = await complaintOf({ TEMPORAL_ADDRESS, METRICS_ADDRESS });
    other.close();
    expect(complaint).toMatch(
      /^Metrics cannot be served at METRICS_ADDRESS 127\.0\.0\.1:\d+: choose an address/,
    );
  });

  test('missing keys are said loudly, and the worker starts', async () => {
    const worker = new WorkerProcess({ TEMPORAL_ADDRESS, GRAPH_ACCESS_TOKEN: 's3cret' });
    expect(await worker.ready()).toMatch(/^preverified worker ready: .* payloads are in clear$/);
    worker.signal('SIGINT');
    const { code, stderr } = await worker.ended();
    expect(code).toBe(0);
    const [line = ''] = stderr.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      msg: expect.stringContaining('PAYLOAD_KEYS IS EMPTY') as string,
    });
  });
});
