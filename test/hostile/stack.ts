import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NumberPool } from '../../client';
import { startGateway, type Gateway } from '../../gateway';
import { findClaims } from '../../client/reconcile/find-claims';
import { needs, readSettings } from '../../settings';
import { Laptop } from '../client/laptop';
import { loggerToFile } from '../gateway/gateway';
import { batch, meta, partnerAdded, secrets } from '../gateway/sender';
import { verifiedNumbers } from '../signup/verified-numbers';

const apiKey = 'a-key-of-a-partner-s-server';

/** As production runs: five calls to Meta a second for all. */
const callsPerSecond = 5;

/** Temporal, a worker, Meta's simulator and the gateway, all real. Whoever attacks has a session, and no API key. */
export class Stack {
  private constructor(
    readonly laptop: Laptop,
    readonly pool: NumberPool,
    readonly gateway: Gateway,
    private readonly logFile: string,
  ) {}

  static async start(): Promise<Stack> {
    const laptop = await Laptop.start({}, { GRAPH_CALLS_PER_SECOND: String(callsPerSecond) });
    const settings = readSettings(needs.gateway, {
      ...laptop.env,
      META_APP_ID: '1083460255',
      META_CONFIG_ID: '99',
      META_APP_SECRET: secrets.app,
      META_VERIFY_TOKEN: secrets.verifyToken,
      GATEWAY_API_KEYS: apiKey,
      GATEWAY_PORT: '0',
    });
    const { client } = laptop.connected;
    const { logger, file } = loggerToFile();
    const gateway = await startGateway(settings, {
      client,
      logger,
      findClaims: (wabaId, requestId, options) => findClaims(client, wabaId, requestId, options),
    });
    return new Stack(laptop, laptop.pool(), gateway, file);
  }

  /** What the gateway says of faults of its own, each with its stack. */
  get faults(): string[] {
    return readFileSync(this.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.includes('has a fault'));
  }

  get sim() {
    return this.laptop.sim;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.laptop.close();
  }

  #numbers = 0;
  /** Puts so many verified numbers into the pool. */
  async add(count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, () => `1555078${String(++this.#numbers).padStart(4, '0')}`);
    await verifiedNumbers(this.pool, this.sim, numbers);
    // A number that search does not know yet is given to nobody.
    const unknown = new Set(numbers);
    while (unknown.size > 0)
      for await (const { phoneNumber } of this.pool.list({ state: 'Verified', customerId: null }))
        unknown.delete(phoneNumber);
    return numbers;
  }

  /** A partner's server begins a signup for a customer, and sends them the link. */
  async invite(customerId: string): Promise<Session> {
    const answer = await this.#config(`?customer=${encodeURIComponent(customerId)}`, apiKey);
    if (answer.status !== 200) throw new Error(`${customerId} was given none: ${String(answer.message)}`);
    return { customerId, token: String(answer.token) };
  }

  /** The page asks for a number with the token that it has. */
  again = ({ token }: Session) => this.#config('', token);

  async #config(query: string, credential: string) {
    const response = await fetch(`${this.gateway.url}/signup/config${query}`, {
      headers: { authorization: `Bearer ${credential}` },
    });
    return { status: response.status, ...((await response.json()) as { token?: string; message?: string }) };
  }

  /** Whatever somebody with the token says of the popup. */
  tell({ token }: Session, event: string, data: Record<string, unknown> = {}) {
    return this.#post('events', { token, message: { type: 'WA_EMBEDDED_SIGNUP', event, data } });
  }

  code = ({ token }: Session) => this.#post('code', { token });

  async #post(route: string, body: object) {
    const response = await fetch(`${this.gateway.url}/signup/${route}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as { code?: string; message?: string }) };
  }

  /** Meta says that a customer shares a WABA with us. */
  async partnerAdded(wabaId: string): Promise<number> {
    const { method, url, headers, body } = meta(batch(partnerAdded(wabaId)));
    return (await fetch(this.gateway.url + url, { method, headers, body })).status;
  }

  /** The number that the customer holds. */
  async heldBy(customerId: string, numbers: readonly string[]): Promise<string | null> {
    for (const number of numbers)
      if ((await this.pool.get(number)).reservation?.customerId === customerId) return number;
    return null;
  }

  /** A customer takes the number in Meta's popup. */
  async takeAtMeta(number: string, wabaId: string): Promise<string> {
    const { preverifiedId } = await this.pool.get(number);
    return (await this.sim.claim(String(preverifiedId), wabaId)).phoneNumberId;
  }

  async callsToMeta(): Promise<number> {
    return (await this.sim.calls()).length;
  }

  /** Waits until every report was looked at once. */
  async looked(number: string): Promise<void> {
    await this.pool.waitUntil(number, (record) => record.reportedClaims.every(({ looks }) => looks > 0), {
      timeout: 60_000,
    });
  }
}

export interface Session {
  customerId: string;
  token: string;
}

export const newWaba = () => String(randomInt(10 ** 11, 2 ** 47));
