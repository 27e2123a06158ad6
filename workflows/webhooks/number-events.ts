import type { NumberContext } from '../number/context';
import type { Instant, NumberRecord, Transition } from '../../contract/number-record';
import {
  numberFacts,
  webhookEventId,
  stateEventTypes,
  type WebhookEvent,
  type WebhookEventType,
} from '../../contract/webhook-events';

/** One transition of a number's chart. */
export interface NumberStep {
  before: NumberContext;
  after: NumberContext;
  /** The number's record after the transition. */
  record: NumberRecord;
  at: Instant;
  /** `null` if the transition did not change the number's state. */
  change: Transition | null;
}

/** The events that a transition causes: a change of state, partners that lose the number, a problem that needs a person. */
export function numberWebhookEvents(step: NumberStep): WebhookEvent[] {
  const { before, after, record, at, change } = step;
  const added = before.preverifiedId === null && after.preverifiedId !== null;
  return [
    ...(added ? [stateChange(record, { at, from: null, to: 'Added', event: 'addNumber', by: null })] : []),
    ...(change ? [stateChange(record, change)] : []),
    ...partnerEvents(step),
    ...(codeMissing(after) && !codeMissing(before) ? [codeNotReceived(record, at)] : []),
    ...(needsPerson(after) && !sameProblem(before, after) ? [problem(record, at)] : []),
  ];
}

type Change = Omit<Transition, 'from'> & { from: Transition['from'] | null };

function stateChange(record: NumberRecord, { at, from, to, event, by }: Change): WebhookEvent {
  return {
    id: webhookEventId(record.phoneNumber, to, at),
    type: stateEventTypes[to],
    at,
    partnerBusinessId: null,
    data: { ...numberFacts(record), state: to, from, event, by },
  };
}

/** Says that the partner lost the number, and nothing about the customer who has it now. */
function partnerEvents(step: NumberStep): WebhookEvent[] {
  const type = partnerEventType(step);
  if (!type) return [];
  const { phoneNumber, preverifiedId, sharedWith, sharing } = step.before;
  const beingShared = sharing.filter(({ action }) => action === 'share');
  const partners = new Set([...sharedWith, ...beingShared.map(({ partnerBusinessId }) => partnerBusinessId)]);
  return [...partners].map((partnerBusinessId) => ({
    id: `${webhookEventId(phoneNumber, type, step.at)}:${partnerBusinessId}`,
    type,
    at: step.at,
    partnerBusinessId,
    data: { phoneNumber, preverifiedId, partnerBusinessId },
  }));
}

/** Partners lose the number when its claim is confirmed, and when it leaves the pool. `null`: they do not lose it now. */
function partnerEventType({ before, after, change }: NumberStep): WebhookEventType | null {
  if (change?.to === 'Removed') return before.claim === null ? 'partner.number_removed' : null;
  return after.claim !== null && before.claim === null ? 'partner.number_claimed' : null;
}

const problem = (record: NumberRecord, at: Instant): WebhookEvent => ({
  id: webhookEventId(
    record.phoneNumber,
    `problem ${record.problem?.code ?? ''}`,
    record.problem?.since ?? at,
  ),
  type: 'warning.problem',
  at,
  partnerBusinessId: null,
  data: numberFacts(record),
});

/** It says what came in place of the code, from whom and when, as far as anything came. */
const codeNotReceived = (record: NumberRecord, at: Instant): WebhookEvent => ({
  id: webhookEventId(record.phoneNumber, 'code_not_received', record.problem?.since ?? at),
  type: 'warning.code_not_received',
  at,
  partnerBusinessId: null,
  data: numberFacts(record),
});

const codeMissing = ({ problem }: NumberContext) => problem?.code === 'CodeNotReceived';

const needsPerson = ({ problem }: NumberContext) => problem?.needsPerson === true;

const sameProblem = (before: NumberContext, after: NumberContext) =>
  needsPerson(before) &&
  before.problem?.code === after.problem?.code &&
  before.problem?.since === after.problem?.since;
