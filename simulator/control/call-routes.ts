import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { read } from './control-error';
import { Wait } from './wait';

const Query = v.strictObject({
  call: v.optional(v.pipe(v.string(), v.nonEmpty())),
  number: v.optional(v.pipe(v.string(), v.transform(digitsOf))),
  /** Answer when such a call has succeeded, at the latest after this time. */
  wait: Wait,
});

/** The Graph calls that came in. */
export function callRoutes(server: FastifyInstance, { callLog }: Simulation, signal: AbortSignal): void {
  server.get('/calls', async (request) => {
    const { wait, ...filter } = read(Query, request.query);
    if (wait > 0) await callLog.succeeded(filter, AbortSignal.any([signal, AbortSignal.timeout(wait)]));
    return callLog.list(filter);
  });
}
