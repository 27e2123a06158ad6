import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NumberPool } from '../../../client';
import { connect, type Connected } from '../../../temporal/connect';
import { needs, readSettings, type Settings } from '../../../settings';
import { startDevServer } from '../../../stack/dev-server';
import { SimulatorClient } from '../../../simulator/client';
import { freePort } from '../../../stack/ports';
import { startSimulator, type Simulator } from '../../../simulator';
import { publicUrl, secrets } from '../../gateway/sender';
import { launch } from './command';
import type { RecordsDatabase } from './records-database';
import { SupervisedProcess, type Running, type Target } from './supervised-process';

export const portfolioId = '506914307656634';

export interface StackOptions {
  seed: number;
  /** Milliseconds of a policy day, for the workers and for Meta. */
  policyDay: number;
  /** The file that keeps what worker and gateway complain of. */
  log: string;
  /** Another Temporal server than a development server on a file. */
  temporal?: { address: string; part: Target; others: readonly Target[] };
  /** Another database for the records than a file. */
  records?: Pick<RecordsDatabase, 'url' | 'part'>;
}

/**
 * Preverified as it runs in production, each part a process that may be killed. Only Meta and the phone network are in
 * here: what they saw is the truth by which the rest is judged.
 */
export class ChaosStack {
  private constructor(
    readonly temporal: Target,
    readonly worker: SupervisedProcess,
    readonly gateway: SupervisedProcess,
    readonly gatewayUrl: string,
    readonly policyDay: number,
    readonly simulator: Simulator,
    readonly connected: Connected,
    /** Of the records, as the worker keeps them. */
    readonly settings: Settings<'records' | 'temporal' | 'payloads'>,
    private readonly others: readonly Target[],
    private readonly folder: string,
  ) {}

  static async start({ seed, policyDay, log, temporal, records }: StackOptions): Promise<ChaosStack> {
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-chaos-'));
    const simulator = await startSimulator({ seed, day: policyDay });
    const { address, part, others } = temporal ?? (await onFile(path.join(folder, 'temporal.db')));
    const gatewayPort = await freePort();
    const env = {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_CONFIG_FILE: path.join(folder, 'no-temporal-configuration.toml'),
      GRAPH_API_URL: simulator.url,
      GRAPH_ACCESS_TOKEN: 'the-simulator-takes-any',
      // Meta's pace is not what is tried here.
      GRAPH_CALLS_PER_SECOND: '1000',
      PAYLOAD_KEYS: `chaos:${randomBytes(32).toString('base64')}`,
      POLICY_DAY: `${policyDay}ms`,
      LOG_LEVEL: 'warn',
      RECORDS_URL: records?.url ?? `sqlite:${path.join(folder, 'records.db')}`,
      RECORDS_SIGNING_KEY: signingKey(),
    };
    const worker = new SupervisedProcess('worker', () => launch('worker', env, log));
    const gateway = new SupervisedProcess('gateway', () =>
      launch(
        'gateway',
        {
          ...env,
          GATEWAY_PORT: String(gatewayPort),
          GATEWAY_URL: publicUrl,
          TWILIO_AUTH_TOKEN: secrets.twilio,
          META_APP_SECRET: secrets.app,
          META_VERIFY_TOKEN: secrets.verifyToken,
          PORTFOLIO_ID: portfolioId,
        },
        log,
      ),
    );
    await part.start();
    await Promise.all([worker.start(), gateway.start()]);
    const connected = await connect(readSettings(needs.client, env));
    const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
    const settings = readSettings(needs.records, env);
    return new ChaosStack(
      part,
      worker,
      gateway,
      gatewayUrl,
      policyDay,
      simulator,
      connected,
      settings,
      records?.part ? [...others, records.part] : others,
      folder,
    );
  }

  get targets(): Target[] {
    return [this.worker, this.gateway, this.temporal, ...this.others];
  }

  get sim(): SimulatorClient {
    return new SimulatorClient(this.simulator.url);
  }

  /** A service's view: it gives an answer fifteen seconds. */
  get pool(): NumberPool {
    return new NumberPool(this.connected.client, { portfolioId, by: 'chaos', answerWithin: 15_000 });
  }

  async close(): Promise<void> {
    await this.connected.close();
    await Promise.all([this.worker.close(), this.gateway.close()]);
    await this.temporal.close();
    await this.simulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function signingKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `chaos:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`;
}

/** Temporal's development server with a file, so that nothing it holds is lost with its process. */
async function onFile(
  file: string,
): Promise<NonNullable<StackOptions['temporal']> & { part: SupervisedProcess }> {
  const port = await freePort();
  const start = async (): Promise<Running> => {
    const { pid, stopped } = await startDevServer({ port, uiPort: null, file });
    return { pid: pid!, stopped };
  };
  return { address: `127.0.0.1:${port}`, part: new SupervisedProcess('Temporal', start), others: [] };
}
