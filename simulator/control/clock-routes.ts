import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { Duration } from '../duration';
import type { Simulation } from '../simulation';
import { read } from './control-error';

const Move = v.union(
  [
    v.strictObject({ advance: Duration }),
    v.strictObject({ advancePolicyDays: v.pipe(v.number(), v.finite()) }),
    v.strictObject({ now: v.union([v.number(), v.pipe(v.string(), v.transform(Date.parse), v.number())]) }),
  ],
  'say {"advance": "90 days" or milliseconds}, {"advancePolicyDays": 90} or {"now": ISO 8601 or milliseconds}',
);

/** `advance` is in real time; `advancePolicyDays` in days of the policy, however short they are. */
export function clockRoutes(server: FastifyInstance, { clock, day }: Simulation): void {
  const answer = () => ({ now: new Date(clock.now()).toISOString() });
  server.get('/clock', answer);
  server.post('/clock', (request) => {
    const move = read(Move, request.body);
    if ('now' in move) clock.set(move.now);
    else clock.advance('advance' in move ? move.advance : move.advancePolicyDays * day);
    return answer();
  });
}
