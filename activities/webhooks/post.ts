import http from 'node:http';
import https from 'node:https';
import fetch, { FetchError } from 'node-fetch';
import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../contract/webhook-events';
import type { Endpoint } from './endpoints';
import { checkLiteral, PrivateAddressError, publicLookup } from './public-address';

/** Whole seconds in which an endpoint must answer. */
const TIMEOUT = 15;

export type Answer =
  | { outcome: 'taken' }
  /** `retryAfter`: milliseconds that the endpoint asks for, `null` if it does not say. `final`: it wants no more. */
  | { outcome: 'refused'; why: string; retryAfter: number | null; final: boolean };

/** Posts the news once, signed as Standard Webhooks says, with every secret of the endpoint. */
export async function post(endpoint: Endpoint, news: WebhookEvent, stop: AbortSignal): Promise<Answer> {
  const body = JSON.stringify({ type: news.type, timestamp: news.at, data: news.data });
  const now = new Date();
  const signatures = endpoint.secrets.map((secret) => new Webhook(secret).sign(news.id, now, body));
  const url = new URL(endpoint.url);
  const timeUp = AbortSignal.timeout(TIMEOUT * 1000);
  try {
    if (!endpoint.allowPrivateAddress) checkLiteral(url.hostname);
    const { Agent } = url.protocol === 'https:' ? https : http;
    const response = await fetch(url.href, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'preverified',
        'webhook-id': news.id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      },
      // Where it leads to is not what was checked.
      redirect: 'manual',
      agent: new Agent(endpoint.allowPrivateAddress ? {} : { lookup: publicLookup }),
      // The types of node-fetch ask for more of a signal than it uses.
      signal: AbortSignal.any([stop, timeUp]) as never,
    });
    // Nobody reads what it says.
    (response.body as unknown as { destroy(): void }).destroy();
    if (response.ok) return { outcome: 'taken' };
    return {
      outcome: 'refused',
      why: `it answered with ${String(response.status)}${response.status < 400 ? ', and redirects are not followed' : ''}`,
      retryAfter: waitOf(response.headers.get('retry-after')),
      final: response.status === 410,
    };
  } catch (error) {
    stop.throwIfAborted();
    return { outcome: 'refused', why: reasonOf(error), retryAfter: null, final: false };
  }
}

/** `Retry-After` in milliseconds: it comes in seconds or as a date. */
function waitOf(header: string | null): number | null {
  if (header === null) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** A `FetchError` names the whole address, which may hold a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError')
    return `no answer within ${String(TIMEOUT)} seconds`;
  if (error instanceof PrivateAddressError) return error.message;
  if (error instanceof FetchError) {
    return error.code === 'EPRIVATE' ? error.message.replace(/^.*reason: /, '') : (error.code ?? error.type);
  }
  throw error;
}
