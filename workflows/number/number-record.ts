import type { NumberRecord, NumberState, Transition } from '../../contract/number-record';
import { instant } from '../../contract/times';
import type { Interpretation, TimedEvent } from '../interpreter/interpretation';
import { stateOf as lifeStateOf } from '../life/state-of';
import type { NumberContext } from './context';
import { codeDiesAt, reverifyFrom } from './deadlines';
import { keepsNumber } from './guards';

export const contextOf = ({ context }: Pick<Interpretation, 'context'>) => context as NumberContext;

export const stateOf = (now: Pick<Interpretation, 'value'>) =>
  lifeStateOf(now) as { state: NumberState; phase: string };

/** The public record of a number, from its chart and from what the chart does not decide by. Nothing in it is secret. */
export function numberRecord(
  now: Interpretation,
  { transitions, lastRefusal }: Pick<NumberRecord, 'transitions' | 'lastRefusal'>,
): NumberRecord {
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
    reportedClaims: context.reportedClaims.map((report) => ({
      wabaId: report.wabaId,
      phoneNumberId: report.phoneNumberId,
      customerId: report.customerId,
      source: report.source,
      at: instant(report.claimedAt),
      looks: report.looks,
      keepsNumber: keepsNumber(context, report),
    })),
    requestedCode: requestedCode(context),
    registeredAt: instant(context.registeredAt),
    reservation: reservation && { ...reservation, until: instant(reservation.until) },
    sharedWith: context.sharedWith,
    problem: problem && {
      code: problem.code,
      message: problem.message,
      since: instant(problem.since),
      whatToDo: problem.whatToDo,
      needsPerson: problem.needsPerson,
    },
    pinOurs: context.pinOurs,
    lastRefusal,
    transitions,
  };
}

function requestedCode(context: NumberContext): NumberRecord['requestedCode'] {
  const { code } = context;
  const goodUntil = codeDiesAt(context);
  if (code?.sentAt == null || goodUntil === null) return null;
  const { method, sentAt, certain } = code;
  return { method, at: instant(sentAt), goodUntil: instant(goodUntil), certain };
}

/** The change of state that a step made, `null` if it made none. */
export function transitionOf(
  before: Interpretation,
  after: Interpretation,
  event: TimedEvent,
): Transition | null {
  const from = stateOf(before).state;
  const to = stateOf(after).state;
  if (from === to) return null;
  // Meta shows what somebody reported, perhaps when another one's message made us look: the change is the reporter's.
  const by =
    event.type === 'xstate.done.actor.confirmClaim' ? contextOf(before).reportedClaims[0]?.by : event.by;
  return { at: instant(event.at), from, to, event: cause(event, before), by: by ?? null };
}

/** `addNumber` for its answer, `addNumber refused` for its failure, `deadline` or a delay's name for a timer, messages by theirs. */
function cause({ type, at }: TimedEvent, before: Interpretation): string {
  if (!type.startsWith('xstate.')) return type;
  const [, kind, name = '', id = ''] = type.split('.');
  const { deadline } = contextOf(before);
  if (kind === 'after') return deadline && at >= deadline.at ? 'deadline' : name;
  return kind === 'error' ? `${id} refused` : id;
}
