import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '../temporal/sdk-internals';
import type { temporal } from '@temporalio/proto';
import { DecryptionError, encryptedWith } from '../temporal/encryption-codec';
import { Sealed } from '../temporal/sealed';
import { altered, noJson } from '../workflows/interpreter/unreadable-payload';

type History = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads;

/** One event of a history, decoded as far as the reader's keys go; of the many kinds only those that a life has. */
export interface Recorded {
  id: number;
  /** Epoch milliseconds. */
  at: number;
  event: Fact;
}

export type Fact =
  | {
      kind: 'started';
      workflowType: string;
      input: unknown[];
      attributes: Record<string, unknown>;
      addedBy: unknown;
    }
  | { kind: 'taskScheduled' }
  | { kind: 'taskStarted' }
  | { kind: 'taskCompleted' }
  | { kind: 'taskFailed' }
  | { kind: 'signal'; name: string; payload: unknown; keyId: string | null }
  | { kind: 'patch'; id: string }
  | { kind: 'update'; name: string; payload: unknown; after: number }
  | { kind: 'updateEnded'; accepted: number; error: Error | undefined }
  | { kind: 'callScheduled'; activity: string; input: unknown }
  | { kind: 'callStarted'; call: number; attempt: number; lastError: Error | undefined }
  | { kind: 'callDone'; call: number; result: unknown }
  | { kind: 'callFailed'; call: number; error: Error | undefined }
  | { kind: 'callTimedOut' | 'callCancelled'; call: number }
  | { kind: 'timerStarted'; duration: number }
  | { kind: 'timerFired' | 'timerCancelled'; timer: number }
  | { kind: 'attributes'; attributes: Record<string, unknown> }
  | { kind: 'completed'; result: unknown }
  | { kind: 'failed'; error: Error | undefined }
  | { kind: 'continued'; input: unknown[]; nextRunId: string }
  /** `why`: what whoever ended it said, and as whom their client spoke to Temporal. */
  | { kind: 'ended'; how: 'terminated' | 'cancelled'; why: string }
  | { kind: 'other'; type: string };

/** Decodes a history. The converter must leave payloads of unknown keys as they are. */
export async function readHistory(
  events: readonly History[],
  converter: LoadedDataConverter,
): Promise<Recorded[]> {
  const updates = new Map(events.map((event) => [acceptedUpdate(event), Number(event.eventId)]));
  return Promise.all(
    events.map(async (event) => ({
      id: Number(event.eventId),
      at: Number(event.eventTime?.seconds ?? 0) * 1000 + Math.floor((event.eventTime?.nanos ?? 0) / 1e6),
      event: await factOf(event, converter, updates),
    })),
  );
}

const acceptedUpdate = (event: History) =>
  event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId ?? '';

async function factOf(
  event: History,
  converter: LoadedDataConverter,
  updates: ReadonlyMap<string, number>,
): Promise<Fact> {
  const values = (payloads: Payloads | null | undefined) => read(payloads?.payloads ?? [], converter);
  const value = async (payloads: Payloads | null | undefined) => (await values(payloads))[0];
  const failure = (proto: temporal.api.failure.v1.IFailure | null | undefined) =>
    readFailure(proto, converter);

  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const attributes = clear(started.searchAttributes?.indexedFields);
    const adder = started.memo?.fields?.['addedBy'];
    const [addedBy] = adder ? await read([adder], converter) : [];
    const workflowType = started.workflowType?.name ?? '';
    return { kind: 'started', workflowType, input: await values(started.input), attributes, addedBy };
  }
  if (event.workflowTaskScheduledEventAttributes) return { kind: 'taskScheduled' };
  if (event.workflowTaskStartedEventAttributes) return { kind: 'taskStarted' };
  if (event.workflowTaskCompletedEventAttributes) return { kind: 'taskCompleted' };
  if (event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes)
    return { kind: 'taskFailed' };

  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    const [payload] = signal.input?.payloads ?? [];
    return {
      kind: 'signal',
      name: signal.signalName ?? '',
      payload: payload && (await readSignal(payload, converter)),
      keyId: payload ? encryptedWith(payload) : null,
    };
  }
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName === 'core_patch')
    return { kind: 'patch', id: await patchId(marker.details?.['patch-data'], converter) };
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (accepted) {
    const { input } = accepted.acceptedRequest ?? {};
    return {
      kind: 'update',
      name: input?.name ?? '',
      payload: await value(input?.args),
      after: Number(accepted.acceptedRequestSequencingEventId ?? 0),
    };
  }
  const updated = event.workflowExecutionUpdateCompletedEventAttributes;
  if (updated) {
    const error = await failure(updated.outcome?.failure);
    return { kind: 'updateEnded', accepted: updates.get(updated.meta?.updateId ?? '') ?? 0, error };
  }

  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    return {
      kind: 'callScheduled',
      activity: scheduled.activityType?.name ?? '',
      input: await value(scheduled.input),
    };
  }
  const begun = event.activityTaskStartedEventAttributes;
  if (begun) {
    const lastError = await failure(begun.lastFailure);
    return {
      kind: 'callStarted',
      call: Number(begun.scheduledEventId),
      attempt: begun.attempt ?? 1,
      lastError,
    };
  }
  const done = event.activityTaskCompletedEventAttributes;
  if (done)
    return { kind: 'callDone', call: Number(done.scheduledEventId), result: await value(done.result) };
  const failed = event.activityTaskFailedEventAttributes;
  if (failed) {
    return {
      kind: 'callFailed',
      call: Number(failed.scheduledEventId),
      error: await failure(failed.failure),
    };
  }
  const late = event.activityTaskTimedOutEventAttributes;
  if (late) return { kind: 'callTimedOut', call: Number(late.scheduledEventId) };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled) return { kind: 'callCancelled', call: Number(cancelled.scheduledEventId) };

  const timer = event.timerStartedEventAttributes;
  if (timer) {
    const { seconds, nanos } = timer.startToFireTimeout ?? {};
    return { kind: 'timerStarted', duration: Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6 };
  }
  const fired = event.timerFiredEventAttributes;
  if (fired) return { kind: 'timerFired', timer: Number(fired.startedEventId) };
  const stopped = event.timerCanceledEventAttributes;
  if (stopped) return { kind: 'timerCancelled', timer: Number(stopped.startedEventId) };

  const upserted = event.upsertWorkflowSearchAttributesEventAttributes;
  if (upserted) return { kind: 'attributes', attributes: clear(upserted.searchAttributes?.indexedFields) };
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) return { kind: 'completed', result: await value(completed.result) };
  const broken = event.workflowExecutionFailedEventAttributes;
  if (broken) return { kind: 'failed', error: await failure(broken.failure) };
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (continued) {
    return {
      kind: 'continued',
      input: await values(continued.input),
      nextRunId: continued.newExecutionRunId ?? '',
    };
  }
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const { reason, identity } = terminated;
    return {
      kind: 'ended',
      how: 'terminated',
      why: [reason, identity && `(${identity})`].filter(Boolean).join(' '),
    };
  }
  if (event.workflowExecutionCanceledEventAttributes) return { kind: 'ended', how: 'cancelled', why: '' };
  return { kind: 'other', type: String(event.eventType) };
}

async function read(payloads: readonly Payload[], converter: LoadedDataConverter): Promise<unknown[]> {
  let opened = [...payloads];
  for (const codec of converter.payloadCodecs.toReversed()) opened = await codec.decode(opened);
  return opened.map((payload) => converter.payloadConverter.fromPayload<unknown>(payload));
}

/** As a life reads it: what cannot be read is refused. */
async function readSignal(payload: Payload, converter: LoadedDataConverter): Promise<unknown> {
  try {
    return (await read([payload], converter))[0];
  } catch (error) {
    return error instanceof DecryptionError ? altered() : noJson();
  }
}

async function patchId(data: Payloads | null | undefined, converter: LoadedDataConverter): Promise<string> {
  const [patch] = await read(data?.payloads ?? [], converter);
  return patch instanceof Sealed ? '' : (patch as { id: string }).id;
}

/** A failure's type is always in clear; its words may not be. */
async function readFailure(
  proto: temporal.api.failure.v1.IFailure | null | undefined,
  converter: LoadedDataConverter,
): Promise<Error | undefined> {
  const attributes = proto?.encodedAttributes;
  const [opened] = attributes ? await read([attributes], converter) : [];
  if (opened instanceof Sealed) {
    const error = new Error(`encrypted (key ${opened.keyId})`);
    return Object.assign(error, { type: proto?.applicationFailureInfo?.type });
  }
  return decodeOptionalFailureToOptionalError(converter, proto);
}

/** Search attributes are never encrypted. */
function clear(fields: Record<string, Payload> | null | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, { data }]) => [
      name,
      data?.length ? plain(Buffer.from(data).toString()) : null,
    ]),
  );
}

function plain(json: string): unknown {
  const value = JSON.parse(json) as unknown;
  return Array.isArray(value) ? ((value as unknown[])[0] ?? null) : value;
}
