import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { PhoneMessage, PhoneNetwork } from '../phone-network/phone-network';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { read } from './control-error';
import { Wait } from './wait';

const Digits = v.pipe(v.string(), v.transform(digitsOf), v.nonEmpty('must hold digits'));
const wholeNumber = v.pipe(v.string(), v.regex(/^\d+$/, 'must be a number'), v.transform(Number));

const Query = v.strictObject({
  to: v.optional(Digits),
  /** Only messages with a greater ID. */
  after: v.optional(wholeNumber, '0'),
  /** Answer when there is a message, at the latest after this time. */
  wait: Wait,
});

const Reception = v.optional(v.picklist(['received', 'lost', 'redacted', 'refused']));

/** The phone network from the side of the telephones. */
export function messageRoutes(server: FastifyInstance, { network }: Simulation, signal: AbortSignal): void {
  server.get('/messages', async (request) => {
    const { to, after, wait: longest } = read(Query, request.query);
    const present = network.received(to ?? null, after);
    if (present.length > 0 || longest === 0) return present;
    await nextMessage(network, to ?? null, longest, signal);
    return network.received(to ?? null, after);
  });

  server.post('/messages', (request) => {
    const { method, language, ...message } = read(
      v.strictObject({
        to: Digits,
        text: v.string(),
        method: v.optional(v.picklist(['SMS', 'VOICE']), 'SMS'),
        language: v.optional(v.string(), 'en_US'),
      }),
      request.body,
    );
    return network.send({ ...message, method, language }) ?? {};
  });

  server.post('/phones', (request) => {
    const { number, ...methods } = read(
      v.strictObject({ number: Digits, SMS: Reception, VOICE: Reception }),
      request.body,
    );
    for (const method of ['SMS', 'VOICE'] as const) {
      const reception = methods[method];
      if (reception !== undefined) network.setReception(number, method, reception);
    }
    return {};
  });
}

/** Resolves with the next message to the number, after `longest` milliseconds, or when `signal` aborts. */
async function nextMessage(
  network: PhoneNetwork,
  to: string | null,
  longest: number,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const stop = () => {
    done.abort();
  };
  const forget = network.onMessage((message: PhoneMessage) => {
    if (to === null || message.to === to) stop();
  });
  signal.addEventListener('abort', stop);
  await wait(longest, undefined, { signal: done.signal }).catch(() => undefined);
  signal.removeEventListener('abort', stop);
  forget();
}
