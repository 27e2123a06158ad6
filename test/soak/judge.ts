import type { LoggedCall } from '../../simulator/client';
import { finalStates, type NumberRecord } from '../../contract/number-record';
import type { Taken } from './actors';
import { DAY, HOUR, type NumberPlan, type Plan } from './plan';
import { busiest, expectedEnd, mayLapse, expectedAt, type Deed } from './rules';

const MINUTE = HOUR / 60;

/** All that is known of a number when the soak is over. */
export interface Evidence {
  plan: NumberPlan;
  record: NumberRecord | null;
  /** Timers that its workflow waits for. */
  timers: number;
  calls: LoggedCall[];
  taken: Taken | undefined;
  /** Business IDs of the partners that Meta says have it. */
  sharedWith: string[];
}

/** What is wrong with a number, in sentences. @param beginning epoch milliseconds */
export function judge(evidence: Evidence, plan: Plan, beginning: number, now: number): string[] {
  const { record, plan: number } = evidence;
  const wrong: string[] = [];
  const say = (what: string) => wrong.push(`+${number.digits} ${what}`);
  if (!record) {
    if (number.addedAt < plan.span) say('has no life here');
    return wrong;
  }
  doneOnce(evidence, say);
  withinBudget(evidence, say);
  asTheRulesSay(evidence, record, beginning, now, say);
  claimFound(evidence, record, plan, beginning, say);
  goesOn(evidence, record, say);
  return wrong;
}

type Say = (what: string) => void;

const metaRefused = ({ errorCode }: LoggedCall) =>
  errorCode !== null && errorCode >= 133005 && errorCode <= 133016;
const took = ({ status }: LoggedCall) => status === 200;
const timeOf = ({ at }: LoggedCall) => Date.parse(at);

function doneOnce({ calls }: Evidence, say: Say): void {
  for (const name of ['add_phone_numbers', 'register', 'create_phone_number', 'delete_preverified_number']) {
    const times = calls.filter(({ call }) => call === name).filter(took).length;
    if (times > 1) say(`met ${name} ${String(times)} times in effect`);
  }
  const partners = new Map<string, string>();
  for (const { call, params } of calls.filter(took)) {
    if (!/^(un)?share_preverified_numbers$/.test(call)) continue;
    const partner = params['partner_business_id'] ?? '';
    if ((partners.get(partner) ?? 'unshare_preverified_numbers') === call)
      say(`met ${call} twice with partner ${partner}`);
    partners.set(partner, call);
  }
  // A second code makes the first one void: while one lives, another is asked for only when it was tried and wrong.
  let asked = -Infinity;
  for (const call of calls) {
    if (call.call === 'verify_code') asked = -Infinity;
    if (call.call !== 'request_code' || !took(call)) continue;
    const since = timeOf(call) - asked;
    if (since < 10 * MINUTE)
      say(`asked for another code ${String(Math.round(since / 1000))} s after one, at ${call.at}`);
    asked = timeOf(call);
  }
}

function withinBudget({ calls }: Evidence, say: Say): void {
  // One that meets no service at all (133004, 2, 4 …) is none of Meta's ten.
  const counted = calls.filter(
    (call) => /^(de)?register$/.test(call.call) && (took(call) || metaRefused(call)),
  );
  const registrations = busiest(counted.map(timeOf), 72 * HOUR);
  if (registrations > 10) say(`was registered ${String(registrations)} times in 72 hours`);
  const codes = busiest(
    calls
      .filter(({ call }) => call === 'request_code')
      .filter(took)
      .map(timeOf),
    DAY,
  );
  // Six of its own accord, and one that an operator asks for.
  if (codes > 7) say(`asked for ${String(codes)} codes in a day`);
}

function asTheRulesSay(
  { plan, calls, taken, sharedWith }: Evidence,
  record: NumberRecord,
  beginning: number,
  now: number,
  say: Say,
): void {
  const { states, expiresAt, wabaId } = expectedAt(deedsOf(calls, taken, beginning), now);
  if (!states.includes(record.state))
    say(`is ${record.state} (${record.phase}), by the rules it is ${states.join(' or ')}`);
  // Where Meta did not state its times, ours are good to the second.
  const off = Math.abs(Date.parse(record.verificationExpiresAt ?? '') - (expiresAt ?? 0));
  if (record.state === 'Verified' && !(off < 1000)) {
    say(
      `is verified until ${String(record.verificationExpiresAt)}, by the rules until ${new Date(expiresAt ?? 0).toISOString()}`,
    );
  }
  if ((record.claim?.wabaId ?? null) !== wabaId)
    say(`was claimed by WABA ${String(record.claim?.wabaId)}, in truth by ${String(wabaId)}`);
  if (plan.deadFrom === null && record.state !== expectedEnd(plan, taken !== undefined)) {
    say(
      `ended as ${record.state} (${record.phase}), it should have ended as ${expectedEnd(plan, taken !== undefined)}`,
    );
  }
  const inPool = !finalStates.includes(record.state) && record.state !== 'Claimed';
  const partners = inPool ? sharedWith : [];
  if (record.sharedWith.toSorted().join() !== partners.toSorted().join())
    say(`is shared with ${record.sharedWith.join()}, at Meta with ${partners.join()}`);
  const deadFrom = plan.deadFrom === null ? null : beginning + plan.deadFrom;
  for (const { at, from, to } of record.transitions) {
    if (from === 'Verified' && to === 'Unverified' && !mayLapse(deadFrom, Date.parse(at)))
      say(`lapsed on ${at}`);
  }
}

/** Every claim is found, in two days and what outages took. */
function claimFound(
  { taken }: Evidence,
  { claim }: NumberRecord,
  plan: Plan,
  beginning: number,
  say: Say,
): void {
  if (!taken) return;
  if (!claim) {
    say(`was taken by WABA ${taken.wabaId} and it does not know`);
    return;
  }
  const late = Date.parse(claim.claimedAt) - beginning - taken.at;
  const bad = plan.outages
    .filter(({ from, until }) => until > taken.at && from < taken.at + 10 * DAY)
    .reduce((sum, { from, until }) => sum + until - from, 0);
  if (late > 2 * DAY + bad) say(`learnt of its claim ${(late / HOUR).toFixed(0)} hours late`);
}

/** Something is scheduled, or a problem says what a person has to do. */
function goesOn({ timers }: Evidence, { state, phase, problem }: NumberRecord, say: Say): void {
  if (finalStates.includes(state) || timers > 0 || problem) return;
  say(`is stuck in ${state} (${phase}): nothing is scheduled, and no problem says so`);
}

function deedsOf(calls: readonly LoggedCall[], taken: Taken | undefined, beginning: number): Deed[] {
  const kinds: Record<string, Deed['what']> = {
    add_phone_numbers: 'added',
    verify_code: 'verified',
    create_phone_number: 'claimed',
    register: 'registered',
    delete_preverified_number: 'deleted',
  };
  const deeds = calls.filter(took).flatMap((call): Deed[] => {
    const what = kinds[call.call];
    return what
      ? [{ at: timeOf(call), what, ...(what === 'claimed' && { wabaId: call.objectId ?? '' }) }]
      : [];
  });
  return taken ? [...deeds, { at: beginning + taken.at, what: 'claimed', wabaId: taken.wabaId }] : deeds;
}
