import {
  stepNames,
  type CustomerRecord,
  type CustomerState,
  type CustomerTransition,
} from '../../contract/customer-record';
import { instant } from '../../contract/times';
import type { Interpretation, TimedEvent } from '../interpreter/interpretation';
import { stateOf as lifeStateOf } from '../life/state-of';
import { topics, type CustomerContext } from './context';

export const contextOf = ({ context }: Pick<Interpretation, 'context'>) => context as CustomerContext;

export const stateOf = (now: Pick<Interpretation, 'value'>) =>
  lifeStateOf(now) as { state: CustomerState; phase: string };

/** The problem that people see: the most pressing of those that stand. */
export function problemOf({ problems }: CustomerContext) {
  return topics.map((topic) => problems[topic]).find((each) => each !== null) ?? null;
}

/** The public record of a customer. Nothing in it is secret. */
export function customerRecord(
  now: Interpretation,
  { transitions, lastRefusal }: Pick<CustomerRecord, 'transitions' | 'lastRefusal'>,
): CustomerRecord {
  const context = contextOf(now);
  const problem = problemOf(context);
  return {
    wabaId: context.wabaId,
    businessId: context.businessId,
    customerId: context.customerId,
    portfolioId: context.portfolioId,
    ...stateOf(now),
    steps: stepNames.map((name) => {
      const { status, at, problem: why } = context.steps[name];
      return { name, status, at: instant(at), problem: why };
    }),
    tokenHeld: context.token.held,
    tokenExpiresAt: instant(context.token.expiresAt),
    numbers: context.numbers.map(({ phoneNumber }) => phoneNumber),
    numbersAtMeta: context.numbers.map(({ phoneNumber, phoneNumberId, status, nameStatus, readAt }) => ({
      phoneNumber,
      phoneNumberId,
      status,
      nameStatus,
      readAt: instant(readAt),
    })),
    connectedAt: instant(context.connectedAt),
    leavingSince: instant(context.leaving?.at ?? null),
    leftAt: instant(context.leftAt),
    problem: problem && {
      code: problem.code,
      message: problem.message,
      since: instant(problem.since),
      whatToDo: problem.whatToDo,
      needsPerson: problem.needsPerson,
    },
    lastRefusal,
    transitions,
  };
}

/** The change of state that a step made, `null` if it made none. */
export function transitionOf(
  before: Interpretation,
  after: Interpretation,
  event: TimedEvent,
): CustomerTransition | null {
  const from = stateOf(before).state;
  const to = stateOf(after).state;
  if (from === to) return null;
  const by = event.by ?? (to === 'Left' ? contextOf(before).leaving?.by : null) ?? null;
  return { at: instant(event.at), from, to, event: cause(event), by };
}

/** `subscribeCustomer` for its answer, `… refused` for its failure, a delay's name for a timer, messages by theirs. */
function cause({ type }: TimedEvent): string {
  if (!type.startsWith('xstate.')) return type;
  const [, kind, name = '', id = ''] = type.split('.');
  if (kind === 'after') return name;
  return kind === 'error' ? `${id} refused` : id;
}
