import { instant } from '../contract/times';
import { stateOf } from '../workflows/life/state-of';
import type { Interpretation } from '../workflows/interpreter/interpretation';
import type { WebhookEvent } from '../contract/webhook-events';
import { Sealed } from '../temporal/sealed';
import { START_DELIVERIES } from './compare/webhooks';
import type { Fact, Recorded } from './recorded';
import type { Step } from './replay';

/** One thing that happened, for people. Never holds a code, a PIN or a token. */
export interface Row {
  /** ISO 8601, UTC. */
  at: string;
  event: number;
  /** A person or service by name, `Meta`, `records`, `clock`, or `number` or `customer` for what it did of itself. */
  who: string;
  what: string;
  /** State and phase before and after; empty where the chart could not be followed. */
  from: string;
  to: string;
  detail: string;
}

/** The rows of one run. `steps` says what each event did, where the chart could be followed; `self` is whose run it is. */
export function rowsOf(events: readonly Recorded[], steps: ReadonlyMap<number, Step>, self: string): Row[] {
  const calls = new Map<number, string>();
  const updates = new Map<number, string>();
  const rows: Row[] = [];
  for (const { id, at, event } of events) {
    if (event.kind === 'callScheduled') calls.set(id, event.activity);
    if ('call' in event && calls.get(event.call) === START_DELIVERIES) continue;
    if (event.kind === 'update') updates.set(id, event.name);
    const shown = show(event, calls, updates, self);
    if (!shown) continue;
    const step = steps.get(id);
    const refused = step?.rejection ? `refused, ${step.rejection.type}: ${step.rejection.message}` : '';
    rows.push({
      at: new Date(at).toISOString(),
      event: id,
      who: shown.who,
      what: shown.what,
      from: step ? where(step.before) : '',
      to: step ? where(step.after) : '',
      detail: [refused, shown.detail].filter(Boolean).join(' '),
    });
  }
  return rows;
}

function show(
  event: Fact,
  calls: ReadonlyMap<number, string>,
  updates: ReadonlyMap<number, string>,
  self: string,
): Pick<Row, 'who' | 'what' | 'detail'> | null {
  switch (event.kind) {
    case 'started':
      return event.input.length > 1
        ? { who: self, what: 'goes on in a new run', detail: '' }
        : { who: adder(event.addedBy), what: 'started', detail: fields(event.input[0]) };
    case 'signal':
    case 'update':
      return { who: by(event.payload), what: `${event.kind} ${event.name}`, detail: fields(event.payload) };
    case 'updateEnded':
      return event.error
        ? {
            who: self,
            what: `answers ${updates.get(event.accepted) ?? 'an update'}`,
            detail: failure(event.error),
          }
        : null;
    case 'callScheduled':
      if (event.activity === START_DELIVERIES)
        return { who: self, what: 'sends webhooks', detail: webhookTypes(event.input) };
      return { who: self, what: `calls ${event.activity}`, detail: fields(event.input) };
    case 'callStarted':
      return event.attempt > 1
        ? {
            who: answerer(calls.get(event.call)),
            what: `${calls.get(event.call) ?? 'call'}, attempt ${String(event.attempt)}`,
            detail: `after ${failure(event.lastError)}`,
          }
        : null;
    case 'callDone':
      return {
        who: answerer(calls.get(event.call)),
        what: `${calls.get(event.call) ?? 'call'} answered`,
        detail: fields(event.result),
      };
    case 'callFailed':
      return {
        who: answerer(calls.get(event.call)),
        what: `${calls.get(event.call) ?? 'call'} refused`,
        detail: failure(event.error),
      };
    case 'callTimedOut':
      return {
        who: answerer(calls.get(event.call)),
        what: `${calls.get(event.call) ?? 'call'} without an answer`,
        detail: '',
      };
    case 'callCancelled':
      return { who: self, what: `${calls.get(event.call) ?? 'call'} given up`, detail: '' };
    case 'timerFired':
      return { who: 'clock', what: 'a deadline came', detail: '' };
    case 'completed':
      return { who: self, what: 'life ended', detail: '' };
    case 'failed':
      return { who: self, what: 'failed', detail: failure(event.error) };
    case 'continued':
      return { who: self, what: 'goes on in another run', detail: event.nextRunId };
    case 'ended':
      return { who: 'operator', what: `workflow ${event.how}`, detail: event.why };
    default:
      return null;
  }
}

/** Whom a call is made to. */
const answerer = (activity: string | undefined) => (activity === 'closeCustomer' ? 'records' : 'Meta');

const webhookTypes = (input: unknown) =>
  input instanceof Sealed
    ? fields(input)
    : (input as { events: WebhookEvent[] }).events.map(({ type }) => type).join(', ');

function adder(addedBy: unknown): string {
  if (addedBy instanceof Sealed) return `encrypted (key ${addedBy.keyId})`;
  return typeof addedBy === 'string' ? addedBy : 'client';
}

function by(payload: unknown): string {
  if (payload instanceof Sealed) return `encrypted (key ${payload.keyId})`;
  const name = (payload as { by?: unknown } | null | undefined)?.by;
  return typeof name === 'string' ? name : 'unnamed';
}

const secrets = new Set(['code', 'pin', 'text']);
/** Epoch milliseconds where the chart reads them. */
const times = new Set(['verifiedAt', 'expiresAt', 'verifiedBefore']);
const moment = (name: string, held: unknown) =>
  times.has(name) && typeof held === 'number' && Math.abs(held) < 8.64e15 ? instant(held) : held;

/** The fields of a payload in a line; secrets masked, what the message itself says (`by`) left out. */
function fields(value: unknown): string {
  if (value instanceof Sealed) return `encrypted (key ${value.keyId})`;
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object')
    return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200);
  return Object.entries(value)
    .filter(([name, held]) => name !== 'by' && held !== null && held !== undefined)
    .map(([name, held]) => `${name}: ${secrets.has(name) ? '••••••' : brief(moment(name, held))}`)
    .join(', ');
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(brief).join(', ')}]`;
  return typeof value === 'object' && value !== null ? `{${fields(value)}}` : fields(value);
}

function failure(error: Error | undefined): string {
  if (!error) return 'no answer';
  const type = (error as { type?: string }).type;
  return `${type ? `${type}: ` : ''}${error.message.slice(0, 500)}`;
}

function where(interpretation: Interpretation): string {
  const { state, phase } = stateOf(interpretation);
  return phase ? `${state}.${phase}` : state;
}
