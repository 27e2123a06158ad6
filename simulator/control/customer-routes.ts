import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { claim } from '../meta/claims';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { ControlError, read } from './control-error';

const text = v.pipe(v.string(), v.nonEmpty());

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
export function customerRoutes(server: FastifyInstance, { meta, signupCodes }: Simulation): void {
  server.post('/claim', (request) => {
    const { preverifiedId, phoneNumber, wabaId, businessId, customer } = read(Claim, request.body);
    const id = preverifiedId ?? meta.inAnyPool(digitsOf(phoneNumber ?? ''))?.id;
    if (id === undefined) throw new ControlError('say preverifiedId, or a phoneNumber that is in a pool');
    const preverified = meta.preverified(id);
    const waba = meta.waba(wabaId);
    if (businessId !== undefined) waba.ownerBusinessId = meta.business(businessId).id;
    return { phoneNumberId: claim(meta, preverified, waba, customer ?? 'Lucky Shrub').id };
  });
  server.post('/signup-codes', () => ({ code: signupCodes.issue() }));
}
