import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { readCode } from '../../contract/code';
import { connect } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { examine, type Check } from '../../worker/doctor';
import { Laptop, portfolioId } from './fixtures/laptop';
import { WorkerProcess } from './fixtures/worker-process';

const digits = '15550783881';

let laptop: Laptop;
let worker: WorkerProcess;
let metrics: string;
let announced: string;
const secrets = ['a-secret-token'];
let workersBefore: Check | undefined;
beforeAll(async () => {
  laptop = await Laptop.start();
  metrics = await freeAddress();
  workersBefore = (await checks())['Workers'];
  worker = new WorkerProcess({ ...laptop.env, METRICS_ADDRESS: metrics, LOG_LEVEL: 'debug' });
  announced = await worker.ready();
});
afterAll(() => laptop.close());

test('it says in one line that it is ready, where it works and how it writes', () => {
  expect(announced).toBe(
    `preverified worker ready: preverified-numbers and preverified-graph in the namespace default of ${laptop.env['TEMPORAL_ADDRESS'] ?? ''}, calls go to ${laptop.env['GRAPH_API_URL'] ?? ''}, payloads are encrypted with the key k1`,
  );
});

test('with keys no code, PIN or token can be found in a history, failures included', async () => {
  const handle = await laptop.start(digits);
  const code = readCode(await laptop.sim.nextMessage(digits)) ?? '';
  const wrong = code === '111222' ? '222111' : '111222';
  secrets.push(code, wrong);
  const refusal = handle.executeUpdate('submitCode', { args: [{ code: wrong, by: 'secret-service' }] });
  await expect(refusal).rejects.toThrow(WorkflowUpdateFailedError);
  await handle.executeUpdate('submitCode', { args: [{ code, by: 'secret-service' }] });
  const { preverifiedId } = await handle.query<{ preverifiedId: string }>('getNumber');
  const { phoneNumberId } = await laptop.sim.claim(preverifiedId, '77');
  await handle.executeUpdate('claim', { args: [{ wabaId: '77', phoneNumberId, source: 'test' }] });
  await handle.result();

  const { events } = await handle.fetchHistory();
  const written = textIn(events);
  for (const secret of [
    code,
    wrong,
    'secret-service',
    'a-secret-token',
    'wrong code',
    'stack_trace',
    '"pin"',
  ]) {
    expect(written.toLowerCase()).not.toContain(secret.toLowerCase());
  }
  // Why the number refused is for people; Meta's own words are not in it.
  expect(written).toContain('WrongCode');

  // The same search does find them in what the keys open.
  const opened = textIn(
    await laptop.connected.client.options.loadedDataConverter.payloadCodecs[0]?.decode(payloadsIn(events)),
  );
  for (const secret of [code, wrong, 'secret-service', '"pin"']) expect(opened).toContain(secret);
});

test('a client without the keys is told which one it lacks', async () => {
  const { client, close } = await connect(readSettings(needs.client, { ...laptop.env, PAYLOAD_KEYS: '' }));
  await expect(client.workflow.getHandle(`number:${digits}`).query('getNumber')).rejects.toThrow(
    /encrypted with the key "k1", which is not among PAYLOAD_KEYS/,
  );
  await close();
});

test('Prometheus gets the metrics on request', async () => {
  const response = await fetch(`http://${metrics}/metrics`);
  expect(await response.text()).toMatch(/^temporal_workflow_completed\{.*task_queue="preverified-numbers"/m);
});

describe('the doctor', () => {
  test('finds a whole set-up well', async () => {
    const found = await checks();
    expect(Object.keys(found)).toEqual([
      'Node.js',
      'Settings',
      'Payload keys',
      'Temporal',
      'Namespace',
      'Search attributes',
      'Keys of the pool',
      'Workers',
      'Webhook endpoints',
      'Records',
      'Records up to date',
      'Records verified',
      'Graph API',
      'Permissions',
    ]);
    expect(Object.values(found).filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(found['Workers']?.detail).toBe('1 on preverified-numbers, 1 on preverified-graph');
    expect(found['Graph API']?.detail).toContain(`lists the pool of portfolio ${portfolioId}`);
  });

  test('names a token that Meta refuses, and goes on', async () => {
    const found = await checks({ GRAPH_ACCESS_TOKEN: 'an-old-token' });
    expect(found['Graph API']).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining("Meta's error 190") as string,
      remedy: expect.stringContaining('token') as string,
    });
    expect(JSON.stringify(found)).not.toContain('an-old-token');
    expect(found['Workers']?.outcome).toBe('ok');
  });

  describe('asks what the token may do', () => {
    const app = { META_APP_ID: '670843887433847', META_APP_SECRET: 'app-secret' };
    const permissionsOf = async (env: Record<string, string>) =>
      (await checks({ ...app, ...env }))['Permissions'];
    beforeAll(() => laptop.sim.setApp({ id: app.META_APP_ID, secret: app.META_APP_SECRET }));

    test('which is all that is needed', async () => {
      expect(await permissionsOf({})).toMatchObject({
        outcome: 'ok',
        detail: expect.stringContaining('whatsapp_business_messaging, and does not expire') as string,
        remedy: null,
      });
    });

    test('and names each permission that is missing, and what fails without it', async () => {
      const { token } = await laptop.sim.issueToken({ scopes: ['business_management'] });
      const found = await permissionsOf({ GRAPH_ACCESS_TOKEN: token });
      expect(found).toMatchObject({ outcome: 'failed' });
      expect(found?.detail).toBe(
        'the access token lacks whatsapp_business_management (without it no claim can be confirmed, and no customer connected) and whatsapp_business_messaging (without it no number can be registered)',
      );
      expect(found?.remedy).toContain('GRAPH_ACCESS_TOKEN');
      expect(JSON.stringify(found)).not.toContain(token);
    });

    test('and says that it ends soon, or has ended', async () => {
      const { token } = await laptop.sim.issueToken({ expiresIn: '7 days' });
      expect(await permissionsOf({ GRAPH_ACCESS_TOKEN: token })).toMatchObject({
        outcome: 'ok',
        remedy: expect.stringContaining('another token') as string,
      });
      await laptop.sim.revokeToken({ token });
      expect(await permissionsOf({ GRAPH_ACCESS_TOKEN: token })).toMatchObject({
        outcome: 'failed',
        detail: 'Meta says that the access token is not valid any more',
      });
    });

    test('with the secret of another app, or without one, it says which settings to mend', async () => {
      expect(await permissionsOf({ META_APP_SECRET: 'of-another-app' })).toMatchObject({
        outcome: 'failed',
        remedy: expect.stringContaining('META_APP_SECRET') as string,
      });
      expect(await permissionsOf({ META_APP_SECRET: '' })).toMatchObject({
        outcome: 'ok',
        remedy: expect.stringContaining('META_APP_ID and META_APP_SECRET') as string,
      });
    });
  });

  test('skips what builds on a check that failed', async () => {
    const found = await checks({ TEMPORAL_NAMESPACE: 'elsewhere' });
    expect(found).toMatchObject({
      Temporal: { outcome: 'ok' },
      Namespace: { outcome: 'failed', remedy: expect.stringContaining('namespace create') as string },
      'Search attributes': { outcome: 'skipped' },
      Workers: { outcome: 'skipped' },
      'Graph API': { outcome: 'ok' },
    });
  });

  test('names every fault of the settings and looks at the rest', async () => {
    const found = await checks({ GRAPH_ACCESS_TOKEN: '', POLICY_DAY: 'soon', PAYLOAD_KEYS: '' });
    expect(found).toMatchObject({
      Settings: { outcome: 'failed', detail: '2 settings are wrong' },
      'Payload keys': { outcome: 'ok', detail: expect.stringContaining('in clear') as string },
      Temporal: { outcome: 'ok' },
      'Graph API': { outcome: 'skipped' },
    });
    expect(found['Settings']?.remedy).toMatch(/GRAPH_ACCESS_TOKEN is missing.*\n.*POLICY_DAY/);
  });

  test('reads the file of endpoints: whom it tells, never by what secret, and every fault', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-doctor-')), 'endpoints.json');
    const endpoint = { name: 'crm', url: 'https://crm.example.com', secrets: [secret, secret] };
    writeFileSync(file, JSON.stringify({ endpoints: [endpoint] }));
    const found = await checks({ WEBHOOK_ENDPOINTS: file });
    expect(found['Webhook endpoints']).toMatchObject({
      outcome: 'ok',
      detail: 'webhooks go to crm; two secrets sign for crm',
      remedy: null,
    });
    writeFileSync(file, JSON.stringify({ endpoints: [{ ...endpoint, url: 'http://crm' }] }));
    const faulty = await checks({ WEBHOOK_ENDPOINTS: file });
    expect(faulty['Webhook endpoints']).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(file) as string,
      remedy: expect.stringContaining('endpoints.0 has a url that is not https') as string,
    });
    expect(JSON.stringify([found, faulty])).not.toContain(secret);
    expect((await checks({ WEBHOOK_ENDPOINTS: '/nowhere' }))['Webhook endpoints']?.detail).toMatch(
      /cannot be read/,
    );
    rmSync(path.dirname(file), { recursive: true });
  });

  test('misses the worker where there is none', () => {
    expect(workersBefore).toMatchObject({
      outcome: 'failed',
      detail: 'no worker waits for work on preverified-numbers and preverified-graph',
      remedy: 'start one with "preverified worker"',
    });
  });
});

test('its log is JSON, a line for each event, and holds neither token nor code', async () => {
  worker.signal('SIGTERM');
  const { code, stderr } = await worker.ended();
  expect(code).toBe(0);
  const lines = stderr.split('\n').map((line) => JSON.parse(line) as { level: number; msg: string });
  expect(lines.length).toBeGreaterThan(5);
  const words = lines.map(({ level: _level, ...line }) => JSON.stringify(line));
  for (const secret of secrets) expect(words.filter((line) => line.includes(secret))).toEqual([]);
});

async function checks(env: Record<string, string> = {}): Promise<Record<string, Check>> {
  const found: Record<string, Check> = {};
  for await (const check of examine({ ...laptop.env, ...env })) found[check.name] = check;
  return found;
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${String(port)}`;
}

/** All text in a history: strings, names and bytes. */
function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${textIn(inner)}`)
    .join('\n');
}

type Payload = { metadata?: Record<string, Uint8Array>; data?: Uint8Array };

function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
