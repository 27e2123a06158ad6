import type { AnyStateMachine } from 'xstate';
import type { MessageRejection } from '../../contract/message-rejection';
import type { Instant } from '../../contract/number-record';
import type { WebhookEvent } from '../../contract/webhook-events';
import type { ChartVersions } from '../interpreter/chart-versions';
import type { Child, ChildEnd, Interpretation, TimedEvent } from '../interpreter/interpretation';

/** A message as a chart takes it. */
export type LifeEvent = TimedEvent & { readonly by?: string | undefined };

/** What a life remembers beside its chart, which decides nothing by it. */
export interface Kept<Change = unknown> {
  transitions: Change[];
  lastRefusal: { at: Instant; name: string; type: string; message: string; by: string | null } | null;
}

/** An accepted message, and how it found the life. */
export interface Accepted<Event> {
  event: Event;
  before: Interpretation;
}

/** One step of a life's chart. */
export interface LifeStep<LifeRecord extends Kept> {
  before: Interpretation;
  after: Interpretation;
  event: TimedEvent;
  /** `null` if it did not change the state that people see. */
  change: LifeRecord['transitions'][number] | null;
  /** The record after it. */
  record: LifeRecord;
}

/** What a kind of life, a number's or a customer's, has of its own. All of it is pure. */
export interface LifeKind<Name extends string, Event extends LifeEvent, LifeRecord extends Kept> {
  charts: ChartVersions;
  messageNames: readonly Name[];
  read(name: Name, payload: unknown): { ok: true; message: object } | { ok: false; fault: string };
  /** What a message comes to in the life as it stands. */
  meant(chart: AnyStateMachine, now: Interpretation, event: Event): Event;
  /** Why a message of this name cannot come as a signal. */
  refusedAsSignal(name: Name): MessageRejection | null;
  rejectionOf(chart: AnyStateMachine, now: Interpretation, event: Event): MessageRejection | null;
  /** Whether nothing that the message asked for is under way any more. */
  isSettled(now: Interpretation, event: Event): boolean;
  /** Why a message that had to wait did not do what it asked for. */
  outcomeOf(chart: AnyStateMachine, now: Interpretation, accepted: Accepted<Event>): MessageRejection | null;
  /** What a message asks for: messages that ask for the same have the same outcome, so the life keeps one of them open. */
  effectOf(event: Event): string;
  record(now: Interpretation, kept: Kept<LifeRecord['transitions'][number]>): LifeRecord;
  transitionOf(
    before: Interpretation,
    after: Interpretation,
    event: TimedEvent,
  ): LifeRecord['transitions'][number] | null;
  webhookEvents(step: LifeStep<LifeRecord>): WebhookEvent[];
  /** Whether the worker that answered a call has endpoints, where the answer says so. */
  webhooksIn(event: TimedEvent): boolean | undefined;
  /** The call whose answer must be awaited, for it must not be made again; `null` where there is none. */
  once: string | null;
  /** The end of a call whose answer was lost. */
  unansweredEnd(child: Child): ChildEnd;
}
