import pLimit from 'p-limit';
import { RefusedError, type NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import type { CustomerTokens, SignupExchange, SignupExchanges } from '../../records';
import type { Logger } from '../../settings/logger';
import type { HintedSearches } from './hinted-searches';
import type { MetaApp } from './meta-app';

const SECOND = 1000;
const sweepEvery = 5 * SECOND;
/** A step that failed is tried again after one second, two, four, and at last every minute. */
const longestWait = 60 * SECOND;
/** Other gateways leave what this one has taken alone for so long. */
const lease = 60 * SECOND;
/** The message of the popup mostly comes right after the code: it chooses the WABA, and reports the claim itself. */
const messageWithin = 15 * SECOND;
/** A token that belongs to no WABA is of no use. */
const day = 24 * 60 * 60 * SECOND;
/** Repeats of a code come within its life; what became of it may be asked for later. */
const remembered = 30 * day;
const forgetEvery = 60 * 60 * SECOND;

interface Dependencies {
  exchanges: SignupExchanges;
  tokens: CustomerTokens;
  app: MetaApp;
  /** Begins the customer's workflow, or tells it that a token has come. Rejects while that cannot be: it is tried again. */
  connect: (wabaId: WabaId, customerId: string) => Promise<void>;
  searches: HintedSearches;
  logger: Logger;
}

/**
 * What follows once a token is sealed: Meta is asked which WABAs it is for, it is kept for them, the customer's workflow
 * hears of it, and where no message reported a claim the WABA is searched for our numbers. Each step is in the records
 * before the next one, so that none is lost with Temporal, Meta or this gateway.
 */
export class Connections {
  readonly #limit = pLimit(20);
  #sweeping: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #forgotAt = -Infinity;

  constructor(private readonly dependencies: Dependencies) {}

  start(): void {
    this.#timer = setInterval(() => this.goOn(), sweepEvery);
    this.goOn();
  }

  /** Waits for the steps under way. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#again = false;
    await this.#sweeping;
  }

  /** Takes every step that is due. */
  goOn(): void {
    this.#again = true;
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null));
  }

  async #sweep(): Promise<void> {
    const { exchanges, logger } = this.dependencies;
    try {
      if (Date.now() - this.#forgotAt > forgetEvery) {
        await exchanges.forget(inTime(-remembered));
        this.#forgotAt = Date.now();
      }
      while (this.#again) {
        this.#again = false;
        const taken = await exchanges.take(inTime(0), inTime(lease), 100);
        if (taken.length > 0) this.#again = true;
        await Promise.all(taken.map((one) => this.#limit(() => this.#step(one))));
      }
    } catch (error) {
      // The next sweep comes in a moment.
      logger.error({ reason: (error as Error).message }, 'the records do not say which signups wait');
    }
  }

  /** One that fails is tried again. */
  async #step(exchange: SignupExchange): Promise<void> {
    const { exchanges, logger } = this.dependencies;
    try {
      await this.#connect(exchange);
    } catch (error) {
      const { message } = error as Error;
      logger.warn({ customerId: exchange.customerId, reason: message }, 'a signup waits for its connection');
      const tries = exchange.tries + 1;
      const wait = Math.min(SECOND * 2 ** Math.min(exchange.tries, 10), longestWait);
      if (exchange.keptFor === null && Date.now() > Date.parse(exchange.at) + day) {
        await exchanges.giveUp(exchange.id, message);
      } else await exchanges.step(exchange, { problem: message, tries, nextTryAt: inTime(wait) });
    }
  }

  async #connect(exchange: SignupExchange): Promise<void> {
    const { exchanges, connect } = this.dependencies;
    const { named } = exchange;
    const granted = exchange.granted ?? (await this.#askMeta(exchange));
    if (granted === null) return;
    const chosen = named.filter((wabaId) => granted.includes(wabaId));
    // A code without a message: the newest is the one that this signup is about (docs/rules.md, Calls).
    const targets = chosen.length > 0 ? chosen : granted.slice(0, 1);
    const known = exchange.keptFor ?? [];
    const added = targets.filter((wabaId) => !known.includes(wabaId));
    if (exchange.granted !== null && added.length > 0 && known[0] !== undefined) {
      await this.#keepAlsoFor(exchange, known[0], added);
    }
    if (exchange.signalledAt === null || added.length > 0) {
      for (const wabaId of targets) await connect(wabaId, exchange.customerId);
      const signalledAt = inTime(0);
      const nextTryAt = chosen.length > 0 ? null : inTime(messageWithin);
      await exchanges.step(exchange, { signalledAt, problem: null, tries: 0, nextTryAt });
    } else if (chosen.length > 0 || (await this.#search(exchange.id, targets))) {
      await exchanges.step(exchange, { problem: null, nextTryAt: null });
    } else await exchanges.step(exchange, { nextTryAt: inTime(messageWithin) });
  }

  /**
   * @returns the WABAs that the token is for, of which it is kept for those that the signup is about; `null` while a message
   * of the popup is awaited that says which these are
   */
  async #askMeta(exchange: SignupExchange): Promise<WabaId[] | null> {
    const { id, customerId, named, at } = exchange;
    const { exchanges, tokens, app } = this.dependencies;
    const token = await exchanges.tokenOf(id);
    if (token === null) throw new Error('Another gateway has just taken this signup.');
    const { valid, scopes, expiresAt, wabaIds } = await app.facts(token);
    if (!valid) throw new Error('Meta says that the token of this signup is not valid.');
    const granted = wabaIds.length > 0 ? wabaIds : await this.#reached(token, named);
    const chosen = named.filter((wabaId) => granted.includes(wabaId));
    const messageBy = Date.parse(at) + messageWithin;
    if (chosen.length === 0 && granted.length > 1 && Date.now() < messageBy) {
      // The newest may be none of this signup's, and a customer that is connected stays so.
      await exchanges.step(exchange, { problem: null, nextTryAt: new Date(messageBy).toISOString() });
      return null;
    }
    const targets = chosen.length > 0 ? chosen : granted.slice(0, 1);
    if (targets.length === 0) throw new Error('Meta names no WhatsApp Business Account for this signup.');
    // Whose they are `debug_token` does not say, and the browser's word is a hint alone (docs/rules.md, Embedded Signup).
    for (const wabaId of targets)
      await tokens.keep({ wabaId, businessId: null, customerId, token, scopes, expiresAt, by, at });
    await exchanges.step(exchange, { granted, keptFor: targets, problem: null });
    return granted;
  }

  /** A message that came after the code has named another one of those that the customer granted. */
  async #keepAlsoFor(exchange: SignupExchange, known: WabaId, added: readonly WabaId[]): Promise<void> {
    const { exchanges, tokens } = this.dependencies;
    const { customerId, at, keptFor } = exchange;
    const held = await tokens.of(known);
    // A later signup has brought another one meanwhile, for what that one is about.
    if (held?.keptAt !== at) return;
    const { token, scopes, expiresAt } = held;
    for (const wabaId of added)
      await tokens.keep({ wabaId, businessId: null, customerId, token, scopes, expiresAt, by, at });
    await exchanges.step(exchange, { keptFor: [...(keptFor ?? []), ...added] });
  }

  /** Of those that a browser has named, the ones that a token which is not narrowed to any reaches. */
  async #reached(token: string, named: readonly WabaId[]): Promise<WabaId[]> {
    const { app } = this.dependencies;
    const reached = await Promise.all(named.map((wabaId) => app.reaches(token, wabaId)));
    return named.filter((_, index) => reached[index]);
  }

  async #search(id: string, wabaIds: readonly WabaId[]): Promise<boolean> {
    const { searches } = this.dependencies;
    for (const wabaId of wabaIds) {
      if (!(await searches.hasRoomFor(wabaId))) return false;
      await searches.search(wabaId, `signup code ${id}`);
    }
    return true;
  }
}

const by = 'signup page';

/**
 * Has a customer connected, or their life begun. A life that is about to end would refuse it, and nobody would begin the next
 * one: whoever signed up again while they were still leaving is connected once that life is over.
 */
export async function connectUnlessLeaving(
  pool: NumberPool,
  wabaId: WabaId,
  customerId: string,
): Promise<void> {
  if (await isLeaving(pool, wabaId))
    throw new Error(`WABA ${wabaId} is still leaving: the customer is connected anew once they have left.`);
  await pool.connectCustomer(wabaId, { customerId });
}

async function isLeaving(pool: NumberPool, wabaId: WabaId): Promise<boolean> {
  try {
    const { state, leavingSince } = await pool.getCustomer(wabaId);
    return leavingSince !== null && state !== 'Left';
  } catch (error) {
    // There is no life, or it was ended from outside: the next one begins.
    if (error instanceof RefusedError) return false;
    throw error;
  }
}

const inTime = (ms: number) => new Date(Date.now() + ms).toISOString();
