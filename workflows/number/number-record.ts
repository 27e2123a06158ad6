import type { StateValue } from 'xstate';
import type { Interpretation } from '../interpreter/interpretation';
import type { Instant, NumberRecord, NumberState, Transition } from '../../contract/number-record';
import type { NumberContext } from './context';
import { reverifyFrom } from './deadlines';

/** The state that people see, and the phase inside it. */
export function stateOf({ value }: Pick<Interpretation, 'value'>): { state: NumberState; phase: string } {
  const [state = '', ...phase] = path(value);
  return { state: state as NumberState, phase: phase.join('.') };
}

export const contextOf = ({ context }: Pick<Interpretation, 'context'>) => context as NumberContext;

/** What the record tells that the chart does not decide by. */
export interface Told {
  transitions: Transition[];
  lastRefusal: NumberRecord['lastRefusal'];
}

/** The public record of a number: nothing in it is secret. */
export function numberRecord(now: Interpretation, told: Told): NumberRecord {
  const context = contextOf(now);
  const { claim, problem, reservation } = context;
  return {
    phoneNumber: context.phoneNumber,
    portfolioId: context.portfolioId,
    ...stateOf(now),
    preverifiedId: context.preverifiedId,
    verifiedAt: instant(context.verifiedAt),
    verificationExpiresAt: instant(context.verificationExpiresAt),
    reverifyFrom: instant(reverifyFrom(context)),
    nextDeadline: context.deadline && { ...context.deadline, at: instant(context.deadline.at) },
    claim: claim && {
      wabaId: claim.wabaId,
      phoneNumberId: claim.phoneNumberId,
      customerId: claim.customerId,
      claimedAt: instant(claim.claimedAt),
      source: claim.source,
    },
    registeredAt: instant(context.registeredAt),
    reservation: reservation && { ...reservation, until: instant(reservation.until) },
    sharedWith: context.sharedWith,
    problem: problem && {
      code: problem.code,
      message: problem.message,
      since: instant(problem.since),
      whatToDo: problem.whatToDo,
    },
    lastRefusal: told.lastRefusal,
    transitions: told.transitions,
  };
}

export function instant<T extends number | null>(at: T): T extends null ? null : Instant;
export function instant(at: number | null): Instant | null {
  return at === null ? null : new Date(at).toISOString();
}

function path(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  const [entry] = Object.entries(value as Record<string, StateValue | undefined>);
  return entry?.[1] === undefined ? [] : [entry[0], ...path(entry[1])];
}
