import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { WabaId } from '../../contract/ids';
import { HttpError } from '../http-error';
import { within } from '../limits';
import type { Session } from './session-tokens';

const MINUTE = 60_000;

/**
 * Requests of one session, which is a token with all that were got with it, and of one customer in all sessions. What a
 * page does for a person stays far below; together they keep the calls to Meta that one token can cause in ten minutes
 * under sixty (docs/security.md, Limits).
 */
export const requests = {
  config: { session: 8, customer: 30, window: 10 * MINUTE },
  events: { session: 60, customer: 180, window: 10 * MINUTE },
  code: { session: 20, customer: 20, window: MINUTE },
  codeExchange: { session: 8, customer: 30, window: 10 * MINUTE },
} as const;
export type Route = keyof typeof requests;

/** Different things that one session may ask for while it lives; a repeat of one is no other. */
export const most = {
  /** Whoever signs up has one WABA; this leaves room for a correction. */
  wabas: 2,
  reports: 4,
  searches: 3,
  statusReadings: 3,
  numbers: 3,
} as const;
type Kind = keyof typeof most;

/** A customer's numbers by all the tokens that bring no API key. */
export const numbersOfCustomer = 10;

type Who = Pick<Session, 'id' | 'customerId'>;
type Seen = { [Of in Kind]: Set<string> };

/** What signups may do, counted before Temporal is touched. Each gateway counts by itself. */
export class SignupLimits {
  readonly #admit: Record<Route, (request: FastifyRequest, who: Who) => Promise<void>>;
  /** A session lives as long as its first reservation, half an hour unless somebody asked for more. */
  readonly #sessions = new LRUCache<string, Seen>({ max: 10_000, ttl: 60 * MINUTE, updateAgeOnGet: true });
  readonly #customers: LRUCache<string, Set<string>>;

  /** @param hour milliseconds in which a customer may have so many numbers, from the first of them on */
  constructor(server: FastifyInstance, hour = 60 * MINUTE) {
    this.#customers = new LRUCache({ max: 10_000, ttl: hour });
    this.#admit = {
      config: limit(server, 'config'),
      events: limit(server, 'events'),
      code: limit(server, 'code'),
      codeExchange: limit(server, 'codeExchange'),
    };
  }

  /** @throws {HttpError} 429 beyond what a session or a customer may ask of a route */
  admit(route: Route, request: FastifyRequest, who: Who): Promise<void> {
    return this.#admit[route](request, who);
  }

  /** The WABAs that the session may name: the first ones that it named. */
  known({ id }: Who, wabaIds: readonly WabaId[]): WabaId[] {
    return wabaIds.filter((wabaId) => this.#takes(id, 'wabas', wabaId));
  }

  /** The WABAs that the session has named so far. */
  named({ id }: Who): WabaId[] {
    return [...(this.#sessions.get(id)?.wabas ?? [])] as WabaId[];
  }

  /** @throws {HttpError} 409 where the session has asked for as many others before */
  count({ id }: Who, kind: Exclude<Kind, 'wabas'>, what: string): void {
    if (this.#takes(id, kind, what)) return;
    throw new HttpError(409, `This signup has had as many ${names[kind]} as it may: begin a new one.`);
  }

  /** @throws {HttpError} 409 where the session, or all of the customer's, had as many others before */
  countNumber({ id, customerId }: Who, phoneNumber: string): void {
    this.count({ id, customerId }, 'numbers', phoneNumber);
    const numbers = this.#customers.get(customerId) ?? new Set();
    // Its hour would begin anew, also by a number that is refused, and never end for whoever goes on trying.
    if (!this.#customers.has(customerId)) this.#customers.set(customerId, numbers);
    if (takes(numbers, numbersOfCustomer, phoneNumber)) return;
    throw new HttpError(409, `This customer has had ${numbersOfCustomer} numbers: try again in an hour.`);
  }

  #takes(id: string, kind: Kind, what: string): boolean {
    const seen = this.#sessions.get(id) ?? newlySeen();
    this.#sessions.set(id, seen);
    return takes(seen[kind], most[kind], what);
  }
}

const names: Record<Exclude<Kind, 'wabas'>, string> = {
  reports: 'reports of a claim',
  searches: 'searches',
  statusReadings: 'errors',
  numbers: 'numbers',
};

function takes(seen: Set<string>, most: number, what: string): boolean {
  if (seen.has(what)) return true;
  if (seen.size >= most) return false;
  seen.add(what);
  return true;
}

const newlySeen = (): Seen => ({
  wabas: new Set(),
  reports: new Set(),
  searches: new Set(),
  statusReadings: new Set(),
  numbers: new Set(),
});

/** The session's limit comes first: a request beyond it does not count against the customer's other sessions. */
function limit(server: FastifyInstance, route: Route) {
  const { session, customer, window } = requests[route];
  const sender = new WeakMap<FastifyRequest, Who>();
  const limitBy = (by: keyof Who, max: number) =>
    server.createRateLimit({
      max,
      timeWindow: window,
      keyGenerator: (request) => sender.get(request)?.[by] ?? '',
    });
  const ofSession = limitBy('id', session);
  const ofCustomer = limitBy('customerId', customer);
  return async (request: FastifyRequest, who: Who): Promise<void> => {
    sender.set(request, who);
    await within(ofSession, request);
    await within(ofCustomer, request);
  };
}
