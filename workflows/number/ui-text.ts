import type { AnyStateMachine } from 'xstate';
import type { Child, Interpretation } from '../interpreter/interpretation';
import {
  messageNames,
  readMessage,
  type Message,
  type MessageName,
  type MessagePayload,
} from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import { asksForAnotherAt, codeDiesAt, doubtfulCodeDueAt } from './deadlines';
import type { MessageEvent } from './events';
import { cell, detailsTable, type Row } from '../life/details';
import { BACKLOG } from '../life/life';
import { contextOf, stateOf } from './number-record';
import { accepts } from './rejections';
import { utcMinute } from '../../contract/times';

/** What people read in the Temporal UI. Times are absolute: the page does not tick. */

/** The current details of a number's page, as Markdown. */
export function currentDetails(
  chart: AnyStateMachine,
  now: Interpretation,
  record: NumberRecord,
  at: number,
): string {
  const { deadline } = contextOf(now);
  const rows: Row[] = [
    ['Number', `+${record.phoneNumber}`],
    ['State', record.phase ? `**${record.state}** (${record.phase})` : `**${record.state}**`],
    ['Meaning', meaning(record)],
    ['Deadline', deadline ? `${utcMinute(deadline.at)}: ${deadline.what}` : 'none'],
  ];
  if (record.claim)
    rows.push(['Claimed by', `WABA ${record.claim.wabaId}, reported by ${cell(record.claim.source)}`]);
  for (const { wabaId, source, looks } of record.reportedClaims)
    rows.push([
      'Claim reported',
      `by ${cell(source)}: WABA ${wabaId}; Meta was asked ${looks === 1 ? 'once' : `${String(looks)} times`} and does not show it`,
    ]);
  if (record.reservation)
    rows.push([
      'Reserved',
      `for ${cell(record.reservation.customerId)} until ${utcMinute(record.reservation.until)}`,
    ]);
  if (record.sharedWith.length > 0) rows.push(['Shared with', record.sharedWith.join(', ')]);
  return detailsTable(rows, record, possibleMessages(chart, now, at));
}

/** Which messages the chart would take now, asked of the chart itself. */
export function possibleMessages(chart: AnyStateMachine, now: Interpretation, at: number): MessageName[] {
  return messageNames.filter((name) =>
    accepts(chart, now, { ...samples[name], type: name, at } as MessageEvent),
  );
}

/** One of each as the chart takes it, read once: every step asks. */
const samples = Object.fromEntries(
  Object.entries({
    requestCode: {},
    submitCode: { code: '000000' },
    reserve: { customerId: 'someone' },
    release: {},
    claim: { wabaId: '0', source: 'an operator' },
    claimFor: { wabaId: '0', verifiedName: 'a name' },
    register: {},
    share: { partnerBusinessId: '0' },
    unshare: { partnerBusinessId: '0' },
    remove: {},
    endClaim: { wabaId: '0' },
    receiveCode: { text: 'WhatsApp code 000-000' },
    takeCode: {},
    refresh: {},
  } satisfies { [Name in MessageName]: MessagePayload<Name> }).map(([name, payload]) => {
    const read = readMessage(name as MessageName, payload);
    if (!read.ok) throw new Error(`the sample of ${name} is no message: ${read.fault}`);
    return [name, read.message];
  }),
) as { [Name in MessageName]: Message<Name> };

function meaning({ state, phase, verificationExpiresAt, requestedCode }: NumberRecord): string {
  if (phase.endsWith('requesting')) return 'Meta is being asked for a code.';
  if (phase.endsWith('deferred')) return 'Meta asked to wait; it goes on by itself.';
  if (phase.endsWith('verifying')) return 'The code is with Meta.';
  if (phase === 'removing') return 'It is being taken out of the pool.';
  if (phase === 'leaving')
    return 'Out of the pool; its life ends unless Meta shows that a customer has taken it.';
  if (
    state === 'CodeRequested' ||
    phase === 'renewing.waiting' ||
    (state === 'Claimed' && phase === 'waiting')
  ) {
    const { method, goodUntil, certain } = requestedCode ?? { method: '', goodUntil: null, certain: false };
    const sent = certain ? 'was sent' : 'may have been sent (the answer of Meta was lost)';
    return `A code ${sent} to the number${goodUntil ? ` by ${method}, good until ${utcMinute(goodUntil)}` : ''}: send what it received with submitCode.`;
  }
  switch (state) {
    case 'Added':
      return phase === 'adding' ? 'It is being added to the pool.' : 'In the pool, not verified yet.';
    case 'Verified':
      return `Customers can take it without a code${verificationExpiresAt ? ` until ${utcMinute(verificationExpiresAt)}` : ''}.`;
    case 'Unverified':
      return 'Its verification ran out. It still shows in signup, where a customer would need a code that only you receive.';
    case 'Claimed':
      return phase === 'lapsed'
        ? 'Not registered in time: it needs a code again before it can be registered.'
        : 'A customer has it; it is to be registered.';
    case 'Registered':
      return 'Registered for Cloud API: its life here is done.';
    case 'Removed':
      return 'Out of the pool.';
    case 'Rejected':
      return 'Meta refused to add it.';
  }
}

/** One line for a timer in the event list: what is due, with its time first, for the list cuts long lines off. */
export function timerSummary(timerId: string, now: Interpretation): string {
  const due = now.timers[timerId]?.dueAt ?? 0;
  return `${utcMinute(due)}: ${whatIsDue(timerId, now, due)}`;
}

function whatIsDue(timerId: string, now: Interpretation, due: number): string {
  const context = contextOf(now);
  const { state, phase } = stateOf(now);
  const [, , delay = ''] = timerId.split('.');
  if (timerId === BACKLOG) return 'act on the signals that are left';
  if (delay === 'reservationEnd') return 'the reservation ends';
  if (delay === 'keptCodeEnd') return 'a code that nobody asked for is forgotten';
  if (delay === 'nextLook')
    return `look again for the claim of WABA ${String(context.reportedClaims[0]?.wabaId)}`;
  if (context.deadline && due >= context.deadline.at) return context.deadline.what;
  if (due === doubtfulCodeDueAt(context)) return "hand in a code that may be another service's";
  if (due === asksForAnotherAt(context)) return 'ask for another code: what came was none';
  if (due === codeDiesAt(context)) return 'the code expires';
  if (phase === 'fresh') return 'can be verified anew';
  return `goes on from ${state} (${phase})`;
}

/** One line for a call in the event list; the page's title says which number it is for. */
export function callSummary({ src, input }: Child): string {
  const asked = input as Record<string, unknown>;
  switch (src) {
    case 'addNumber':
      return 'Add the number to the pool';
    case 'requestCode':
      return `Ask Meta to send a code by ${String(asked['method'])}`;
    case 'verifyCode':
      return 'Hand in the code';
    case 'confirmClaim':
      return `Look for the number on WABA ${String(asked['wabaId'])}`;
    case 'claimNumber':
      return `Claim the number for WABA ${String(asked['wabaId'])}`;
    case 'registerNumber':
      return 'Register the number for Cloud API';
    case 'readNumber':
      return 'Read the status again';
    case 'changeSharing':
      return `${asked['action'] === 'share' ? 'Share the number' : 'End the sharing'} with partner ${String(asked['partnerBusinessId'])}`;
    default:
      return 'Take the number out of the pool';
  }
}
