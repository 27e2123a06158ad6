import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCodecServer } from '../temporal/codec-server';
import { createLogger } from '../settings/logger';
import { StartError } from '../settings/start-error';
import { needs, readSettings } from '../settings';
import { environment, type Environment } from '../settings/environment';
import { openGateway } from '../gateway/main';
import { startSimulator } from '../simulator';
import { startWorker } from '../worker';
import { installRuntime } from '../worker/runtime';
import { startDevServer } from './dev-server';
import { checkPort } from './ports';

export interface Stack {
  /** What a command or a client needs to reach all of it. */
  env: Record<string, string>;
  uiUrl: string;
  simulatorUrl: string;
  codecUrl: string;
  gatewayUrl: string;
  stop(): Promise<void>;
}

/** Everything on one machine: Temporal with its UI, the simulator in Meta's place, the codec endpoint, a worker and the gateway. */
export async function startStack(overrides: Record<string, string> = {}): Promise<Stack> {
  const given = { ...environment(), ...overrides };
  const kept = secretsIn(secretsFile);
  const port = portOf(given, 'TEMPORAL_PORT', 7233);
  const uiPort = portOf(given, 'TEMPORAL_UI_PORT', 8233);
  const simulatorPort = portOf(given, 'SIMULATOR_PORT', 4010);
  const codecPort = portOf(given, 'CODEC_PORT', 8234);
  const gatewayPort = portOf(given, 'GATEWAY_PORT', 8080);
  await checkPort('Temporal', port, 'TEMPORAL_PORT');
  await checkPort("Temporal's UI", uiPort, 'TEMPORAL_UI_PORT');
  await checkPort('the simulator', simulatorPort, 'SIMULATOR_PORT');
  await checkPort('the codec endpoint', codecPort, 'CODEC_PORT');
  await checkPort('the gateway', gatewayPort, 'GATEWAY_PORT');

  const uiUrl = `http://127.0.0.1:${String(uiPort)}`;
  const env: Record<string, string> = {
    // No setting of another cluster must slip in: this stack talks to itself alone.
    ...Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        value === undefined || name.startsWith('TEMPORAL_') ? [] : [[name, value]],
      ),
    ),
    TEMPORAL_ADDRESS: `127.0.0.1:${String(port)}`,
    TEMPORAL_NAMESPACE: 'default',
    // Nor those of the user's own configuration file: a file that is not there counts as empty.
    TEMPORAL_CONFIG_FILE: path.resolve('.local/no-temporal-configuration.toml'),
    GRAPH_API_URL: `http://127.0.0.1:${String(simulatorPort)}`,
    GRAPH_ACCESS_TOKEN: 'the-simulator-takes-any',
    GRAPH_CALLS_PER_SECOND: '200',
    PORTFOLIO_ID: given['PORTFOLIO_ID'] ?? '506914307656634',
    PAYLOAD_KEYS:
      given['PAYLOAD_KEYS'] ?? kept('PAYLOAD_KEYS', () => `laptop:${randomBytes(32).toString('base64')}`),
    CODEC_PORT: String(codecPort),
    CODEC_ORIGINS: `${uiUrl},http://localhost:${String(uiPort)}`,
    LOG_LEVEL: given['LOG_LEVEL'] ?? 'error',
    RECORDS_URL: given['RECORDS_URL'] ?? newRecords(),
    RECORDS_SIGNING_KEY: given['RECORDS_SIGNING_KEY'] ?? kept('RECORDS_SIGNING_KEY', signingKey),
    ...gatewayEnvironment(given, gatewayPort, kept),
  };
  const settings = readSettings([...needs.worker, 'codec'], env);

  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const codec = await startCodecServer(settings);
    stops.push(() => codec.close());
    const server = await startDevServer({ port, uiPort, codecEndpoint: codec.url });
    stops.push(() => server.stop());
    const simulator = await startSimulator({ port: simulatorPort, day: settings.worker.policyDay });
    stops.push(() => simulator.close());
    installRuntime(settings, createLogger(settings));
    const worker = await startWorker(settings);
    stops.push(() => worker.shutdown());
    const gateway = await openGateway(env);
    stops.push(() => gateway.close());
    const urls = { simulatorUrl: simulator.url, codecUrl: codec.url, gatewayUrl: gateway.url };
    return { env, uiUrl, ...urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** New ones at each start: this Temporal begins empty too, and numbers that earlier records know as held could not be added. */
const newRecords = () => `sqlite:${path.resolve('.local/records', `${String(Date.now())}.db`)}`;

function signingKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `laptop:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`;
}

/** Every way in is open, each with a secret of its own where none is given; Telnyx alone has its key for itself. */
function gatewayEnvironment(
  given: Environment,
  port: number,
  kept: ReturnType<typeof secretsIn>,
): Record<string, string> {
  const secret = (name: string, make = () => randomBytes(16).toString('hex')) =>
    given[name] ?? kept(name, make);
  const login = (name: string, user: string) =>
    secret(name, () => `${user}:${randomBytes(16).toString('hex')}`);
  return {
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    GATEWAY_URL: `http://127.0.0.1:${String(port)}`,
    GATEWAY_API_KEYS: secret('GATEWAY_API_KEYS'),
    TWILIO_AUTH_TOKEN: secret('TWILIO_AUTH_TOKEN'),
    VONAGE_SIGNATURE_SECRET: secret('VONAGE_SIGNATURE_SECRET'),
    PLIVO_AUTH_TOKEN: secret('PLIVO_AUTH_TOKEN'),
    ELKS_WEBHOOK_LOGIN: login('ELKS_WEBHOOK_LOGIN', 'elks'),
    BANDWIDTH_WEBHOOK_LOGIN: login('BANDWIDTH_WEBHOOK_LOGIN', 'bandwidth'),
    OTP_WEBHOOK_SECRET: secret('OTP_WEBHOOK_SECRET', () => `whsec_${randomBytes(24).toString('base64')}`),
    META_APP_SECRET: secret('META_APP_SECRET'),
    META_VERIFY_TOKEN: secret('META_VERIFY_TOKEN'),
    META_APP_ID: given['META_APP_ID'] ?? '1083460255',
    META_CONFIG_ID: given['META_CONFIG_ID'] ?? '1234567890',
  };
}

/** The same keys at every start: another terminal goes on with those that it was given. */
const secretsFile = path.resolve('.local/dev-secrets.json');

/** Secrets of a folder, each made once; for nothing but a laptop's own stack. */
function secretsIn(file: string): (name: string, make: () => string) => string {
  const secrets = existing(file);
  return (name, make) => {
    const secret = secrets[name] ?? make();
    if (secrets[name] === undefined) {
      secrets[name] = secret;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    }
    return secret;
  };
}

function existing(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

function portOf(env: Readonly<Record<string, string | undefined>>, name: string, usual: number): number {
  const port = Number(env[name] || usual);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StartError(`${name} is ${JSON.stringify(env[name])}`, 'set it to a port number, or unset it');
}
