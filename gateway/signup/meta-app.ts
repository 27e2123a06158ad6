import { setTimeout } from 'node:timers/promises';
import PQueue from 'p-queue';
import {
  GraphError,
  NoAnswerError,
  UnreadableAnswerError,
  type GraphClient,
  type TokenFacts,
} from '../../activities/graph';
import type { WabaId } from '../../contract/ids';

/** Meta says that the code is no good: it is too old, was exchanged before, or was never one (docs/rules.md, Calls). */
export class SpentCodeError extends Error {
  override readonly name = 'SpentCodeError';
}

/** Codes first: they die within half a minute, and what follows can wait. */
const urgent = { priority: 1 };
const longestWait = 2_000;
/** Milliseconds. */
const PACE = 100;

/** What the gateway asks Meta about signups, as our app, within its limits: many may sign up at once. */
export class MetaApp {
  readonly #calls: PQueue;

  constructor(
    private readonly graph: GraphClient,
    private readonly app: { id: string; secret: string },
    callsPerSecond: number,
  ) {
    const perPace = (callsPerSecond * PACE) / 1000;
    // Below ten a second one call has a longer while for itself.
    this.#calls = new PQueue({
      interval: perPace < 1 ? PACE / perPace : PACE,
      intervalCap: Math.max(1, Math.floor(perPace)),
    });
  }

  /**
   * Exchanges a code for the customer's token, and tries again as long as the code may live.
   *
   * @param until epoch milliseconds
   * @throws {SpentCodeError} where Meta does not take the code, or none of the tries came in time
   */
  async exchange(code: string, until: number): Promise<string> {
    for (let wait = 250; ; wait = Math.min(wait * 2, longestWait)) {
      try {
        return await this.#calls.add(() => {
          if (Date.now() > until) throw new SpentCodeError('its turn came too late: many signed up at once');
          return this.graph.exchangeSignupCode(this.app, code);
        }, urgent);
      } catch (error) {
        if (isSpent(error)) throw new SpentCodeError(error.message, { cause: error });
        if (!passes(error) || Date.now() + wait > until) throw error;
      }
      await setTimeout(wait);
    }
  }

  /** What Meta says of a token. */
  facts(token: string): Promise<TokenFacts> {
    return this.#calls.add(() => this.graph.debugToken(this.app, token));
  }

  /** Whether a token reaches the WABA, which proves what a browser has said. */
  async reaches(token: string, wabaId: WabaId): Promise<boolean> {
    try {
      await this.#calls.add(() => this.graph.withToken(token).readSubscribedApps(wabaId));
      return true;
    } catch (error) {
      if (error instanceof GraphError && !passes(error)) return false;
      throw error;
    }
  }
}

/** Code 100, with subcode 36007 for one that is too old and 36009 for one that was used; the subcode may be missing. */
const isSpent = (error: unknown): error is GraphError =>
  error instanceof GraphError && /^100(\/|$)/.test(error.code);

const passes = (error: unknown) =>
  error instanceof NoAnswerError ||
  error instanceof UnreadableAnswerError ||
  (error instanceof GraphError && (error.handling === 'retry' || error.handling === 'wait'));
