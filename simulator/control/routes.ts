import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { Assumptions } from '../assumptions';
import { Duration } from '../duration';
import { claim } from '../meta/claims';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { ControlError, read } from './control-error';
import { Fault } from './fault';
import { messageRoutes } from './message-routes';
import { listNumbers } from './numbers';

const text = v.pipe(v.string(), v.nonEmpty());

/** The simulator's own switches and windows, under `/_sim/`; they need no token. */
export function controlRoutes(server: FastifyInstance, simulation: Simulation, signal: AbortSignal): void {
  messageRoutes(server, simulation, signal);
  clockRoutes(server, simulation);
  faultRoutes(server, simulation, signal);
  customerRoutes(server, simulation);
  server.get('/calls', (request) =>
    simulation.callLog.list(
      read(
        v.object({ call: v.optional(text), number: v.optional(v.pipe(v.string(), v.transform(digitsOf))) }),
        request.query,
      ),
    ),
  );
  server.get('/numbers', () => listNumbers(simulation.meta));
  server.get('/assumptions', () => simulation.meta.assumptions);
  server.post('/assumptions', (request) => {
    const changes = read(v.record(v.string(), v.unknown()), request.body);
    return (simulation.meta.assumptions = read(Assumptions, { ...simulation.meta.assumptions, ...changes }));
  });
  server.post('/tokens/expire', (request) => {
    simulation.tokens.expire(read(v.strictObject({ token: v.optional(text) }), request.body ?? {}).token);
    return {};
  });
  server.post('/tokens/restore', () => {
    simulation.tokens.restore();
    return {};
  });
}

function clockRoutes(server: FastifyInstance, { clock, day }: Simulation): void {
  const answer = () => ({ now: new Date(clock.now()).toISOString() });
  const Move = v.union(
    [
      v.strictObject({ advance: Duration }),
      v.strictObject({ advancePolicyDays: v.pipe(v.number(), v.finite()) }),
      v.strictObject({ now: v.union([v.number(), v.pipe(v.string(), v.transform(Date.parse), v.number())]) }),
    ],
    'say {"advance": "90 days" or milliseconds}, {"advancePolicyDays": 90} or {"now": ISO 8601 or milliseconds}',
  );
  server.get('/clock', answer);
  server.post('/clock', (request) => {
    const move = read(Move, request.body);
    if ('now' in move) clock.set(move.now);
    else clock.advance('advance' in move ? move.advance : move.advancePolicyDays * day);
    return answer();
  });
}

function faultRoutes(server: FastifyInstance, { faults, barriers }: Simulation, signal: AbortSignal): void {
  const named = (params: unknown) => read(v.object({ name: text }), params).name;
  server.get('/faults', () => faults.list());
  server.post('/faults', (request) => {
    const added = [read(v.union([v.array(Fault), Fault]), request.body)].flat();
    for (const fault of added) {
      if (fault.barrier !== undefined) barriers.close(fault.barrier);
      faults.add(fault);
    }
    return faults.list();
  });
  server.delete('/faults', () => {
    faults.clear();
    return [];
  });
  server.get('/barriers/:name', async (request) => ({
    waiting: await barriers.arrival(named(request.params), signal),
  }));
  server.post('/barriers/:name/release', (request) => ({
    released: barriers.release(named(request.params)),
  }));
}

const Claim = v.strictObject({
  preverifiedId: v.optional(text),
  phoneNumber: v.optional(text),
  wabaId: v.pipe(v.string(), v.regex(/^\d+$/, 'wabaId must be digits')),
  /** The customer's own business portfolio. */
  businessId: v.optional(v.pipe(v.string(), v.regex(/^\d+$/, 'businessId must be digits'))),
  /** The customer's name for display. */
  customer: v.optional(text),
});

/** What a customer does in the signup popup. */
function customerRoutes(server: FastifyInstance, { meta, signupCodes }: Simulation): void {
  server.post('/claim', (request) => {
    const { preverifiedId, phoneNumber, wabaId, businessId, customer } = read(Claim, request.body);
    const id = preverifiedId ?? meta.inAnyPool(digitsOf(phoneNumber ?? ''))?.id;
    if (id === undefined)
      throw new ControlError(
        'no such number in any pool: say {preverifiedId, wabaId} or {phoneNumber, wabaId}',
      );
    const preverified = meta.preverified(id);
    const waba = meta.waba(wabaId);
    if (businessId !== undefined) waba.ownerBusinessId = meta.business(businessId).id;
    return { phoneNumberId: claim(meta, preverified, waba, customer ?? 'Lucky Shrub').id };
  });
  server.post('/signup-codes', () => ({ code: signupCodes.issue() }));
}
