import type { LoggedCall } from '../../../simulator/control/call-log';
import type { NumberRecord } from '../../../contract/number-record';
import type { SimulatorClient } from '../../../simulator/client';
import { busiest } from '../../soak/rules';
import { DAY } from '../rules/number';

export type AtMeta = Awaited<ReturnType<SimulatorClient['numbers']>>[number];

/** What a number believes against what is so at Meta, when none of its calls is under way. */
export function agreesWithMeta(record: NumberRecord, atMeta: AtMeta | undefined): void {
  const { state, phase, claim } = record;
  const at = (instant: string | null | undefined) => Date.parse(instant ?? '');
  // Where Meta would not tell, ours is arithmetic; Meta counts whole seconds.
  const longest = at(atMeta?.verificationExpiresAt) + 2_000;
  if (state === 'Verified' && atMeta?.place === 'pool')
    must(at(record.verificationExpiresAt) <= longest, 'it is believed verified for longer than it is');
  if (state === 'Removed' && atMeta?.place === 'pool') {
    // A moment passed before Meta heard of the number, or before we heard from Meta.
    const removed = at(record.transitions.at(-1)?.at) + 2_000;
    must(at(atMeta.removeAt) <= removed, 'it was given up, and is in the pool');
  }
  const readBack = state === 'Registered' || (state === 'Claimed' && !/confirm/.test(phase));
  if (readBack) must(atMeta?.phone?.wabaId === claim?.wabaId, 'the claim is not so at Meta');
  if (state === 'Registered') must(atMeta?.phone?.registered === true, 'it is not registered at Meta');
}

/** Meta's budgets, and nothing done twice, by Meta's own log of the number's life. */
export function keepsBudgets(calls: readonly LoggedCall[], codesAskedFor: number): void {
  const made = (...names: string[]) => calls.filter(({ call, dropped }) => names.includes(call) && !dropped);
  const done = (name: string) => made(name).filter(({ status }) => status === 200);
  const times = (of: readonly LoggedCall[]) => of.map(({ at }) => Date.parse(at));
  must(busiest(times(made('register', 'deregister')), 3 * DAY) <= 10, 'eleven registrations in 72 hours');
  must(
    busiest(times(done('request_code')), DAY) <= 6 + codesAskedFor,
    'more than six codes of its own in a day',
  );
  for (const name of ['create_phone_number', 'delete_preverified_number', 'register'])
    must(done(name).length <= 1, `${name} was done twice`);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
