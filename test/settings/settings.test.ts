import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { needs, readSettings, SettingsError, type SectionName } from '../../settings';

const key = Buffer.alloc(32, 7).toString('base64');
const noFile = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };

function faultsOf(names: readonly SectionName[], env: Record<string, string>): readonly string[] {
  try {
    readSettings(names, { ...noFile, ...env });
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('each command reads what it needs', () => {
  test('a client needs nothing but defaults: Temporal on this machine, payloads in clear', () => {
    const { temporal, payloads } = readSettings(needs.client, noFile);
    expect(temporal).toMatchObject({ address: 'localhost:7233', namespace: 'default' });
    expect(temporal.connectionOptions).toEqual({ address: 'localhost:7233' });
    expect(payloads.keys).toEqual([]);
  });

  test('a worker needs the token besides, and gets defaults for the rest', () => {
    expect(faultsOf(needs.worker, {})).toEqual([
      expect.stringMatching(/^GRAPH_ACCESS_TOKEN is missing: set it to/),
    ]);
    expect(readSettings(needs.worker, { ...noFile, GRAPH_ACCESS_TOKEN: 'EAAB' })).toMatchObject({
      graph: {
        baseUrl: 'https://graph.facebook.com',
        version: 'v24.0',
        claimDialect: 'sdk',
        accessToken: 'EAAB',
      },
      worker: { policyDay: 86_400_000, graphCallsPerSecond: 5, metricsAddress: null },
    });
  });

  test('a wrong setting of another command is none of its business', () => {
    expect(faultsOf(needs.client, { GRAPH_API_URL: 'nonsense', CODEC_PORT: 'x' })).toEqual([]);
  });

  test('a variable set to nothing counts as unset', () => {
    const settings = readSettings(needs.client, { ...noFile, TEMPORAL_API_KEY: '', PAYLOAD_KEYS: ' ' });
    expect(settings.temporal.connectionOptions).toEqual({ address: 'localhost:7233' });
  });

  test("Temporal is read with the SDK's own environment configuration", () => {
    const { temporal } = readSettings(['temporal'], {
      ...noFile,
      TEMPORAL_ADDRESS: 'eu.tmprl.cloud:7233',
      TEMPORAL_NAMESPACE: 'numbers.a1b2c',
      TEMPORAL_API_KEY: 'tmprl-key',
      TEMPORAL_GRPC_META_TEAM: 'pool',
    });
    expect(temporal).toEqual({
      address: 'eu.tmprl.cloud:7233',
      namespace: 'numbers.a1b2c',
      connectionOptions: {
        address: 'eu.tmprl.cloud:7233',
        tls: true,
        apiKey: 'tmprl-key',
        metadata: { team: 'pool' },
      },
    });
  });

  test('a short policy day and the other dialect are taken over', () => {
    const settings = readSettings(needs.worker, {
      ...noFile,
      GRAPH_ACCESS_TOKEN: 'EAAB',
      GRAPH_API_URL: 'http://127.0.0.1:8090/',
      GRAPH_CLAIM_DIALECT: 'doc',
      META_APP_SECRET: 'shh',
      POLICY_DAY: '250ms',
    });
    expect(settings.graph).toMatchObject({
      baseUrl: 'http://127.0.0.1:8090',
      claimDialect: 'doc',
      appSecret: 'shh',
    });
    expect(settings.worker.policyDay).toBe(250);
  });
});

describe('every fault is named, all at once', () => {
  test.each([
    ['GRAPH_API_URL', 'ftp://x', 'http:// or https://'],
    ['GRAPH_API_VERSION', '24', 'must look like v24.0, but is "24"'],
    ['GRAPH_CLAIM_DIALECT', 'other', 'must be one of sdk, doc, but is "other"'],
    ['GRAPH_CALLS_PER_SECOND', '0', 'above 0'],
    ['GRAPH_CALLS_PER_SECOND', 'many', 'above 0'],
    ['POLICY_DAY', 'soon', 'such as 24h or 250ms, but is "soon"'],
    ['POLICY_DAY', '-1d', 'such as 24h or 250ms'],
    ['METRICS_ADDRESS', 'metrics', '127.0.0.1:9464'],
    ['LOG_LEVEL', 'loud', 'must be one of trace'],
    ['TEMPORAL_ADDRESS', 'http://localhost:7233', 'without a scheme'],
    ['TEMPORAL_PROFILE', 'nobody', "Profile 'nobody' not found"],
    ['TEMPORAL_TLS_CLIENT_CERT_PATH', '/nowhere.pem', 'TEMPORAL_TLS_…_PATH'],
  ])('%s=%s', (name, value, words) => {
    const faults = faultsOf(needs.worker, { GRAPH_ACCESS_TOKEN: 'EAAB', [name]: value });
    expect(faults).toEqual([expect.stringContaining(words)]);
    if (!name.startsWith('TEMPORAL_')) expect(faults[0]).toMatch(new RegExp(`^${name} `));
  });

  test.each([
    ['CODEC_PORT', '65536', ['codec']],
    ['CODEC_PORT', '-1', ['codec']],
    ['CODEC_TOKEN', 'short', ['codec']],
    ['CODEC_ORIGINS', 'http://localhost:8233/namespaces', ['codec']],
    ['GATEWAY_PORT', 'http', ['gateway']],
    ['GATEWAY_URL', 'https://numbers.example.com?a=b', ['gateway']],
    ['GATEWAY_URL', 'https://numbers.example.com/#preverified', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', 'proxy.example.com', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', '10.0.0.1,10.0.0.0/33', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', '10.0.0.0/8/8', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', 'fe80::1%eth0', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', '0.0.0.0/0', ['gateway']],
    ['GATEWAY_TRUSTED_PROXIES', '10.0.0.1 10.0.0.2', ['gateway']],
    ['SIMULATOR_PORT', '1e3', ['simulator']],
    ['PORTFOLIO_ID', 'my portfolio', ['pool']],
  ] as const)('%s=%s', (name, value, sections) => {
    expect(faultsOf(sections, { [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must (be|have) `)),
    ]);
  });

  test.each([
    [undefined, []],
    ['10.0.0.1', ['10.0.0.1']],
    [' 10.0.0.0/8 , ::1,2001:db8::/32,', ['10.0.0.0/8', '::1', '2001:db8::/32']],
  ])('GATEWAY_TRUSTED_PROXIES=%s names proxies', (value, proxies) => {
    const env = { ...noFile, ...(value !== undefined && { GATEWAY_TRUSTED_PROXIES: value }) };
    expect(readSettings(['gateway'], env).gateway.trustedProxies).toEqual(proxies);
  });

  test('several faults of several sections come in one message', () => {
    const env = { ...noFile, GRAPH_API_VERSION: '24', LOG_LEVEL: 'loud', POLICY_DAY: 'soon' };
    expect(() => readSettings(needs.worker, env)).toThrow(
      /^4 settings are wrong: \n {2}- LOG_LEVEL .*\n {2}- GRAPH_API_VERSION .*\n {2}- GRAPH_ACCESS_TOKEN .*\n {2}- POLICY_DAY .*$/,
    );
  });
});

describe('PAYLOAD_KEYS', () => {
  const other = Buffer.alloc(32, 9).toString('base64');

  test('is a ring: ids and keys in their order', () => {
    const { payloads } = readSettings(['payloads'], { PAYLOAD_KEYS: `k2:${other}, k1:${key}` });
    expect(payloads.keys.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(payloads.keys[0]?.key.export()).toEqual(Buffer.alloc(32, 9));
  });

  test.each([
    ['without an id', key, 'entry 1 of 1 must be an id, a colon'],
    ['id and key the wrong way round', `${key}:k1`, 'entry 1 of 1 must be an id, a colon'],
    ['too short', `k1:${Buffer.alloc(16).toString('base64')}`, 'entry 1 of 1'],
    ['not base64', `k0:${other},k1:${'!'.repeat(44)}`, 'entry 2 of 2'],
    ['an empty entry', `k1:${key},`, 'entry 2 of 2'],
    ['an id twice', `k1:${key},k1:${other}`, 'entry 2 of 2 must have an id of its own'],
  ])('%s is a fault that names the place', (_, value, words) => {
    expect(faultsOf(['payloads'], { PAYLOAD_KEYS: value })).toEqual([expect.stringContaining(words)]);
  });

  test('every wrong entry is named', () => {
    expect(faultsOf(['payloads'], { PAYLOAD_KEYS: `a,b,k1:${key}` })).toHaveLength(2);
  });
});

describe('a secret is never shown', () => {
  test.each([
    ['PAYLOAD_KEYS', `s3cretvalue${key}`],
    ['PAYLOAD_KEYS', 's3cretvalue:s3cretvalue'],
    ['GRAPH_ACCESS_TOKEN', 's3cretvalue with a blank'],
    ['CODEC_TOKEN', 's3cretvalue\u00e9'],
    ['GRAPH_API_URL', 'https://user:s3cretvalue@graph.facebook.com'],
  ])('by a fault of %s', (name, value) => {
    const faults = faultsOf(['payloads', 'graph', 'codec'], { GRAPH_ACCESS_TOKEN: 'EAAB', [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
    expect(faults[0]).not.toContain('s3cretvalue');
  });

  test('by a broken configuration file of Temporal', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'temporal.toml');
    writeFileSync(file, '[profile.default]\napi_key = "s3cretvalue\n');
    const faults = faultsOf(['temporal'], { TEMPORAL_CONFIG_FILE: file });
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain('s3cretvalue');
  });

  test('by printing a key ring', () => {
    const settings = readSettings(['payloads'], { PAYLOAD_KEYS: `k1:${key}` });
    const printed = inspect(settings, { depth: 9, showHidden: true }) + JSON.stringify(settings);
    expect(printed).toContain('k1');
    expect(printed).not.toContain(key.slice(0, 20));
  });
});

test('.env fills in what the environment leaves unset', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'preverified-'));
  writeFileSync(path.join(folder, '.env'), 'TEMPORAL_NAMESPACE=file\nTEMPORAL_ADDRESS=file:7233\n');
  const root = path.resolve(__dirname, '../..');
  // A process of its own, for jest gives tests a copy of the environment.
  const printed = execFileSync(
    process.execPath,
    [
      ...['--require', path.join(root, 'scripts/typescript.js'), '--print'],
      `JSON.stringify(require(${JSON.stringify(path.join(root, 'settings'))}).readSettings(['temporal']))`,
    ],
    { cwd: folder, env: { ...noFile, PATH: process.env['PATH'], TEMPORAL_ADDRESS: 'environment:7233' } },
  );
  expect(JSON.parse(printed.toString())).toMatchObject({
    temporal: { address: 'environment:7233', namespace: 'file' },
  });
});
