import type { MessageName, NumberRecord } from '../client/index';
import { time } from './print';

export const where = ({ state, phase }: NumberRecord) => (phase === '' ? state : `${state} (${phase})`);

/** What is wrong and what to do about it; Meta ends its sentences with a full stop or without. */
export const problemText = ({ message, whatToDo }: { message: string; whatToDo: string }) =>
  `${message.replace(/[^.!?]$/, '$&.')} ${whatToDo}`;

/** What a message did, in one sentence; the record is the number's as its effect left it. */
export function whatWasDone(message: MessageName, record: NumberRecord): string {
  const { claim, reservation, requestedCode, sharedWith, state } = record;
  switch (message) {
    case 'requestCode':
      if (!requestedCode)
        return state === 'Verified'
          ? 'Meta says that it is verified.'
          : 'It is asked for once Meta has added the number.';
      return `Asked by ${requestedCode.method}; ${codeSentence(requestedCode)}.`;
    case 'submitCode':
      return state === 'Verified' || state === 'Claimed' ? 'The code was right.' : 'The code was handed in.';
    case 'receiveCode':
      return 'The code was taken in.';
    case 'reserve':
      return reservation
        ? `Held for ${reservation.customerId} until ${time(reservation.until)}.`
        : 'It is held no more.';
    case 'release':
      return 'Nobody holds it now.';
    case 'claim':
    case 'claimFor':
      return claim ? `Meta shows it on WABA ${claim.wabaId}.` : 'Meta is being asked about it.';
    case 'register':
      return state === 'Registered' ? 'It is registered for Cloud API.' : 'It is being registered.';
    case 'share':
    case 'unshare':
      return sharedWith.length > 0
        ? `Partners who may offer it: ${sharedWith.join(', ')}.`
        : 'No partner may offer it.';
    case 'remove':
      return 'It was taken out of the pool.';
    case 'endClaim':
      return 'Its life here has ended: it is with the customer who has left.';
    case 'refresh':
      return 'Its status was read again at Meta.';
    case 'takeCode':
      return 'The code was shown.';
  }
}

/** What the number waits for, and what a person can do for it. */
export function whatComesNext(record: NumberRecord): string {
  const { nextDeadline, phoneNumber, phase, problem, requestedCode, state } = record;
  const number = `+${phoneNumber}`;
  if (problem?.needsPerson) return `It needs you: ${problem.whatToDo}`;
  if (requestedCode && /(^|\.)waiting$/.test(phase)) {
    return `It waits for the code: ${codeSentence(requestedCode)}. Hand in what it receives with "preverified code ${number} <code>", or ask again with "preverified request-code ${number} --method ${requestedCode.method === 'SMS' ? 'VOICE' : 'SMS'}".`;
  }
  if (/(requesting|verifying|adding|registering|claiming|removing|deferred)$/.test(phase)) {
    return 'Meta is being asked, or asked to wait: it goes on by itself.';
  }
  switch (state) {
    case 'Registered':
      return 'Nothing: its life here is done. "preverified pin" shows its PIN, once.';
    case 'Removed':
    case 'Rejected':
      return 'Nothing: its life has ended. "preverified add" begins a new one.';
    case 'Claimed':
      return phase === 'lapsed'
        ? 'It needs a code before it can be registered; it asks for one by itself unless it was told not to.'
        : 'It is registered by itself, unless it was told not to: "preverified register" does it now.';
    case 'Verified':
      return `It can be offered, and is verified anew in time by itself, unless it was told not to.${deadline(nextDeadline)}`;
    default:
      return `It asks for a code by itself, unless it was told not to: "preverified request-code ${number}" does it now.${deadline(nextDeadline)}`;
  }
}

const deadline = (next: NumberRecord['nextDeadline']) => (next ? ` ${time(next.at)}: ${next.what}.` : '');

/** `the code is good until 16:42 UTC` */
function codeSentence({ goodUntil, certain }: NonNullable<NumberRecord['requestedCode']>): string {
  const until = `good until ${goodUntil.slice(11, 16)} UTC`;
  return certain
    ? `the code is ${until}`
    : `Meta's answer was lost, so a code may have been sent and may not; one is ${until}`;
}
