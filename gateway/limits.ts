import { BlockList, isIP, isIPv6 } from 'node:net';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../settings/logger';
import { HttpError } from './http-error';

/** Whether a connection from this address comes from a proxy whose `X-Forwarded-For` is believed. */
export type IsTrusted = (address: string) => boolean;

/** @param proxies addresses and CIDR ranges, as `GATEWAY_TRUSTED_PROXIES` names them */
export function trusted(proxies: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (written) => {
    const address = withoutPort(written).replace(/%.*/, '');
    return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

/**
 * Limits the requests from each visitor, by the address that fastify finds behind trusted proxies, and of IPv6 by the /64
 * network, of which each visitor has a whole one.
 */
export async function limitVisitors(
  server: FastifyInstance,
  requestsPerSecond: number,
  isTrusted: IsTrusted,
  logger: Logger,
): Promise<void> {
  await server.register(rateLimit, {
    // Counted over ten seconds, because honest senders come in bursts.
    max: Math.ceil(requestsPerSecond * 10),
    timeWindow: '10 seconds',
    keyGenerator: ({ ip }) => normalizeIP(withoutPort(ip)),
  });
  let warned = false;
  server.addHook('onRequest', ({ headers, socket }, _reply, next) => {
    const { remoteAddress = '' } = socket;
    if (!warned && headers['x-forwarded-for'] !== undefined && !isTrusted(remoteAddress)) {
      warned = true;
      logger.warn(
        `Requests come through a proxy at ${remoteAddress}, whose visitors share one limit: add it to GATEWAY_TRUSTED_PROXIES if it is yours`,
      );
    }
    next();
  });
}

/** Some proxies write the visitor's port into `X-Forwarded-For`; it is another one for each connection. */
function withoutPort(address: string): string {
  const [, bracketed, ipv4] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(address) ?? [];
  return bracketed ?? ipv4 ?? address;
}

/** Routes that check who signed have no limit before that. */
export const signedRoute = { config: { rateLimit: false } } as const;

/** No sender writes more. Whether a signature is right is known only after work that grows with the fields that it is of. */
const mostFields = 200;

/** @throws {HttpError} 413 where there are more than any sender writes */
export function limitFields(fields: number): void {
  if (fields > mostFields) throw new HttpError(413, `There are more than ${mostFields} fields in it.`);
}

/** A form, or an address with its query, of which nothing is taken apart yet. @throws {HttpError} 413 */
export const limitForm = (form: string) => {
  limitFields(form.split('&', mostFields + 1).length);
};

/**
 * Checks each request of a server's signed routes, and counts it afterwards: what is signed has a limit for each address
 * of its own, so that a stranger behind the same address cannot use it up.
 *
 * @param authenticate throws the `HttpError` that a request without a right signature is answered with
 * @returns what `authenticate` found of a request, for the routes' handlers: a signature is checked once
 */
export function requireSignature<Found>(
  server: FastifyInstance,
  authenticate: (request: FastifyRequest) => Found,
): (request: FastifyRequest) => Found {
  const found = new WeakMap<FastifyRequest, Found>();
  const signed = server.createRateLimit({});
  const unsigned = server.createRateLimit();
  server.addHook('preHandler', async (request) => {
    try {
      limitForm(request.url);
      found.set(request, authenticate(request));
    } catch (error) {
      await within(unsigned, request);
      throw error;
    }
    await within(signed, request);
  });
  // No handler runs before that hook.
  return (request) => found.get(request) as Found;
}

/** @throws {HttpError} 429 beyond the limit */
export async function within(
  limit: ReturnType<FastifyInstance['createRateLimit']>,
  request: FastifyRequest,
): Promise<void> {
  const counted = await limit(request);
  if (counted.isAllowed || !counted.isExceeded) return;
  const { max, timeWindow, ttlInSeconds } = counted;
  throw new HttpError(429, `These were more than ${max} requests in ${timeWindow / 1000} seconds.`, {
    retryAfter: ttlInSeconds,
  });
}
