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
import { CallBudget } from './call-budget';

/** Meta says that the code is no good: it is too old, was exchanged before, or was never one (docs/rules.md, Calls). */
export class SpentCodeError extends Error {
  override readonly name = 'SpentCodeError';
}

const longestWait = 2_000;
/** Seconds of the rate that may be used at once: Meta counts the calls of an hour, and a code lives half a minute. */
const BURST = 10;
/** Calls under way: what they wait for is Meta. Codes and all else have their own, so that neither waits for the other. */
const CODES_AT_A_TIME = 50;
const OTHERS_AT_A_TIME = 20;

/**
 * What the gateway asks Meta about signups, as our app, within its limits: many may sign up at once. Half of what may be used
 * at once is for codes alone: they die within half a minute, and what follows can wait.
 */
export class MetaApp {
  readonly #budget: CallBudget;
  readonly #codes = new PQueue({ concurrency: CODES_AT_A_TIME });
  readonly #others = new PQueue({ concurrency: OTHERS_AT_A_TIME });

  constructor(
    private readonly graph: GraphClient,
    private readonly app: { id: string; secret: string },
    callsPerSecond: number,
  ) {
    this.#budget = new CallBudget(callsPerSecond, Math.max(2, callsPerSecond * BURST));
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
        return await this.#codes.add(async () => {
          await this.#budget.take(0);
          if (Date.now() > until) throw new SpentCodeError('its turn came too late: many signed up at once');
          return this.graph.exchangeSignupCode(this.app, code);
        });
      } catch (error) {
        if (isSpent(error)) throw new SpentCodeError(error.message, { cause: error });
        if (!passes(error) || Date.now() + wait > until) throw error;
      }
      await setTimeout(wait);
    }
  }

  /** What Meta says of a token. */
  facts(token: string): Promise<TokenFacts> {
    return this.#other(() => this.graph.debugToken(this.app, token));
  }

  /** Whether a token reaches the WABA, which proves what a browser has said. */
  async reaches(token: string, wabaId: WabaId): Promise<boolean> {
    try {
      await this.#other(() => this.graph.withToken(token).readSubscribedApps(wabaId));
      return true;
    } catch (error) {
      if (error instanceof GraphError && !passes(error)) return false;
      throw error;
    }
  }

  #other<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return this.#others.add(async () => {
      while (this.#codes.size > 0) await this.#codes.onEmpty();
      await this.#budget.take(0.5);
      return ask();
    });
  }
}

/** Code 100, with subcode 36007 for one that is too old and 36009 for one that was used; the subcode may be missing. */
const isSpent = (error: unknown): error is GraphError =>
  error instanceof GraphError && /^100(\/|$)/.test(error.code);

const passes = (error: unknown) =>
  error instanceof NoAnswerError ||
  error instanceof UnreadableAnswerError ||
  (error instanceof GraphError && (error.handling === 'retry' || error.handling === 'wait'));
