import { setMaxListeners } from 'node:events';
import ms from 'ms';
import * as v from 'valibot';
import { Assumptions, type AssumptionSettings } from './assumptions';
import { createServer } from './server';
import { createSimulation } from './simulation';

export type { AssumptionSettings } from './assumptions';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Loopback by default. */
  host?: string;
  /**
   * Length of a policy day in milliseconds, 24 hours by default. It scales the periods of days (90, 90, 45 and 90);
   * minutes, such as a code's life, stay real.
   */
  day?: number;
  /** Switches for what Meta does not document. */
  assumptions?: AssumptionSettings;
  /** Makes codes, IDs and chances reproducible; without it each simulator has its own. */
  seed?: number;
  /** Source of the clock in epoch milliseconds, real time by default; `POST /_sim/clock` moves it on from there. */
  now?: () => number;
  /** Access tokens to refuse with code 190; every other one is good. */
  invalidTokens?: readonly string[];
}

export interface Simulator {
  /** `http://127.0.0.1:4010`: what takes the place of `https://graph.facebook.com`. Control is under `/_sim/`. */
  url: string;
  /** Ends waiting calls and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts Meta's Graph API for pre-verified numbers and a phone network on this machine, with Meta's rules of time. It
 * keeps nothing and needs nothing: portfolios, WABAs and access tokens come into being when they are first named.
 *
 * @throws when the port is taken (`EADDRINUSE`) or an assumption is unknown
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', day = ms('24h'), now = Date.now, invalidTokens = [] } = options;
  const { seed = Math.floor(Math.random() * 2 ** 32) } = options;
  if (!(day > 0 && day < Infinity)) throw new RangeError('day must be a length of time in milliseconds');
  const assumptions = v.parse(Assumptions, options.assumptions ?? {});
  const simulation = createSimulation({ day, seed, now, assumptions, invalidTokens });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const server = createServer(simulation, closing.signal);
  const url = await server.listen({ port, host });
  return {
    url,
    async close() {
      closing.abort();
      simulation.barriers.releaseAll();
      await server.close();
    },
  };
}
