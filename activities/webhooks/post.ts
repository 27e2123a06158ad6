import http from 'node:http';
import https from 'node:https';
import fetch, { FetchError } from 'node-fetch';
import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../contract/webhook-events';
import type { Endpoint } from './endpoints';
import { checkLiteral, PrivateAddressError, publicLookup } from './public-address';

/** Seconds in which an endpoint must answer. */
const TIMEOUT = 15;

export type PostResult =
  | { outcome: 'accepted' }
  /** `retryAfter`: milliseconds, `null` if the endpoint states none. `gone`: it answered 410 and wants no more webhooks. */
  | { outcome: 'failed'; reason: string; retryAfter: number | null; gone: boolean };

/** Posts the event once, with a Standard Webhooks signature by each of the endpoint's secrets. */
export async function post(
  endpoint: Endpoint,
  event: WebhookEvent,
  cancelled: AbortSignal,
): Promise<PostResult> {
  const body = JSON.stringify({ type: event.type, timestamp: event.at, data: event.data });
  const now = new Date();
  const signatures = endpoint.secrets.map((secret) => new Webhook(secret).sign(event.id, now, body));
  const url = new URL(endpoint.url);
  const timeout = AbortSignal.timeout(TIMEOUT * 1000);
  try {
    if (!endpoint.allowPrivateAddress) checkLiteral(url.hostname);
    const { Agent } = url.protocol === 'https:' ? https : http;
    const response = await fetch(url.href, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'preverified',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      },
      // A redirect may lead into our own network: only the endpoint's own address was checked.
      redirect: 'manual',
      agent: new Agent(endpoint.allowPrivateAddress ? {} : { lookup: publicLookup }),
      // node-fetch's types take no AbortSignal of Node's: https://github.com/node-fetch/node-fetch/issues/1652
      signal: AbortSignal.any([cancelled, timeout]) as never,
    });
    // Frees the socket: nobody reads the body. The types of a body lack this method
    // (https://github.com/DefinitelyTyped/DefinitelyTyped/pull/17977).
    (response.body as unknown as { destroy(): void }).destroy();
    if (response.ok) return { outcome: 'accepted' };
    return {
      outcome: 'failed',
      reason: `it answered with ${String(response.status)}${response.status < 400 ? ', and redirects are not followed' : ''}`,
      retryAfter: millisecondsOf(response.headers.get('retry-after')),
      gone: response.status === 410,
    };
  } catch (error) {
    cancelled.throwIfAborted();
    return { outcome: 'failed', reason: reasonOf(error), retryAfter: null, gone: false };
  }
}

/** `Retry-After` holds seconds or a date. */
function millisecondsOf(header: string | null): number | null {
  if (header === null) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/**
 * A `FetchError` has the whole URL in its message, which may hold a secret, and does not keep its cause
 * (https://github.com/node-fetch/node-fetch/issues/639): ours is cut out of the message.
 */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError')
    return `no answer within ${String(TIMEOUT)} seconds`;
  if (error instanceof PrivateAddressError) return error.message;
  if (error instanceof FetchError) {
    return error.code === 'EPRIVATE' ? error.message.replace(/^.*reason: /, '') : (error.code ?? error.type);
  }
  throw error;
}
