import type { GraphFailure } from '../../contract/graph-failure';
import type { NumberActivities, Verification } from '../../contract/number-activities';
import type { Message, MessageName } from '../../contract/messages';
import type { NumberStart } from '../../contract/number-start';
import type { Call, NumberContext } from './context';

type Result<Name extends keyof NumberActivities> = Awaited<ReturnType<NumberActivities[Name]>>;

/** What each call answers. */
export interface Results {
  addNumber: Result<'addNumber'>;
  requestCode: Result<'requestCode'>;
  verifyCode: Result<'verifyCode'>;
  confirmClaim: Result<'confirmClaim'>;
  claimNumber: Result<'claimNumber'>;
  registerNumber: Result<'registerNumber'>;
  changeSharing: Result<'shareNumber'>;
  readNumber: Result<'readNumber'>;
  removeNumber: Result<'removeNumber'>;
}

export type MessageEvent = {
  [Name in MessageName]: { type: Name; at: number } & Message<Name> &
    (Name extends 'receiveCode' ? Doubt : unknown);
}[MessageName];

/** Of a text that holds a code, while one is awaited. */
interface Doubt {
  /** It does not say that it is WhatsApp's. */
  doubtful?: boolean;
}

/** Everything that happens to a number, each with its time. */
export type NumberEvent =
  | MessageEvent
  | { type: 'xstate.init'; input: NumberInput }
  | { type: `xstate.after.${string}`; at: number }
  | { [C in Call]: { type: `xstate.done.actor.${C}`; output: Results[C]; at: number } }[Call]
  | { type: `xstate.error.actor.${Call}`; error: GraphFailure; at: number };

/** What guards, actions, delays and the inputs of calls are made from. */
export interface ActionArgs {
  context: NumberContext;
  event: NumberEvent;
}

export type NumberInput = NumberStart & { at: number };

export function timeOf(event: NumberEvent): number {
  return event.type === 'xstate.init'
    ? (event as { input: NumberInput }).input.at
    : (event as { at: number }).at;
}

/** What a message says, or `null` if the event is not that message. */
export function message<Name extends MessageName>(event: NumberEvent, name: Name) {
  return event.type === name ? (event as Extract<MessageEvent, { type: Name }>) : null;
}

/** What a call answered, or `null` if the event is not its answer. */
export function answer<C extends Call>(event: NumberEvent, call: C): Results[C] | null {
  return event.type === `xstate.done.actor.${call}`
    ? (event as unknown as { output: Results[C] }).output
    : null;
}

/** The number on the customer's WABA as Meta shows it, or `null` if the event does not say that it is there. */
export function claimFoundIn(event: NumberEvent): Extract<Results['confirmClaim'], { found: true }> | null {
  const look = answer(event, 'confirmClaim');
  return look?.found ? look : null;
}

/** Which call failed and how, or `null` if the event is no failure. */
export function failureIn(event: NumberEvent): { call: Call; failure: GraphFailure } | null {
  const prefix = 'xstate.error.actor.';
  if (!event.type.startsWith(prefix)) return null;
  return {
    call: event.type.slice(prefix.length) as Call,
    failure: (event as { error: GraphFailure }).error,
  };
}

/** About the expiry itself Meta may still say verified, with a time that has passed: that is not its word on what is now. */
export const isVerified = ({ verified, expiresAt }: Verification, at: number) =>
  verified && (expiresAt === null || expiresAt > at);

/** What Meta says of the verification, in whichever answer it stands. */
export function verificationIn(event: NumberEvent): Verification | null {
  const added = answer(event, 'addNumber');
  if (added) return added.verification;
  const requested = answer(event, 'requestCode');
  if (requested?.outcome === 'alreadyVerified') return requested.verification;
  const read = answer(event, 'readNumber');
  if (read) return read;
  const verified = answer(event, 'verifyCode');
  return verified?.outcome === 'verified' ? verified.verification : null;
}
