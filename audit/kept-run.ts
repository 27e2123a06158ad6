import { gzipSync } from 'node:zlib';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeFromPayloadsAtIndex, encodeToPayloads } from '../temporal/sdk-internals';
import { temporal } from '@temporalio/proto';
import { digitsIn } from '../contract/workflow-ids';
import type { NumberRecord } from '../contract/number-record';
import type { AttributeValues } from '../contract/search-attributes';
import {
  opened,
  type ClosedRun,
  type EntryHeader,
  type Replayed,
  type RunEntry,
  type RunFacts,
  type StoredEntry,
} from '../records';
import { auditRun, type AuditedRun } from './audited-run';
import type { Finding } from './compare/finding';
import { kindOf, type AuditedRecord } from './kinds';

const { History } = temporal.api.history.v1;
const { Payload } = temporal.api.common.v1;

/** What Temporal tells of a run that has closed. */
export type ListedRun = Omit<
  RunEntry,
  'kind' | 'facts' | 'agrees' | 'historySha256' | 'recordSha256' | 'firstRunId'
>;

/** What an entry holds beside the history, encrypted where there are PAYLOAD_KEYS. */
export interface KeptRecord {
  record: AuditedRecord | null;
  findings: Finding[];
  /** Why the chart could not be followed, `null` where it was. */
  unreadable: string | null;
}

/** A run as it is kept: its history as Temporal gave it, and what the audit says of it. Payloads stay as they are. */
export async function runToKeep(
  run: ListedRun,
  attributes: AttributeValues,
  history: temporal.api.history.v1.IHistory,
  converter: LoadedDataConverter,
): Promise<ClosedRun> {
  const events = history.events ?? [];
  const kind = kindOf(run.workflowType)?.name ?? null;
  const audited = kind === null ? null : await audit(run.runId, () => events, converter);
  const kept: KeptRecord = {
    record: audited?.record ?? null,
    findings: audited?.findings ?? [],
    unreadable: audited?.unreadable ?? null,
  };
  const [sealed] = (await encodeToPayloads(converter, kept)) ?? [];
  const firstRunId = events[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? run.runId;
  return {
    run: {
      ...run,
      firstRunId,
      facts: kind === 'number' ? factsOf(run, attributes, kept.record as NumberRecord | null) : null,
      agrees: agrees(audited),
    },
    history: gzipSync(History.encode(history).finish()),
    record: Payload.encode(sealed ?? {}).finish(),
  };
}

type Audited = Pick<AuditedRun, 'record' | 'findings' | 'unreadable' | 'lacksKey'>;

/**
 * Other programs may start a run with what no payload converter reads: it is kept all the same, and stops no other. Neither
 * does an entry whose bytes somebody made those of no history.
 */
async function audit(
  runId: string,
  readEvents: () => temporal.api.history.v1.IHistoryEvent[],
  converter: LoadedDataConverter,
): Promise<Audited> {
  try {
    return await auditRun(runId, readEvents(), converter);
  } catch (error) {
    return { record: null, findings: [], unreadable: String(error), lacksKey: null };
  }
}

/** `null` where it could not be told: the reader lacks a key, or the run is no life, or ended before it was one. */
const agrees = (audited: Audited | null): boolean | null =>
  audited === null || audited.unreadable !== null ? null : audited.findings.length === 0;

function factsOf(
  { workflowId, closedAt }: ListedRun,
  attributes: AttributeValues,
  record: NumberRecord | null,
): RunFacts {
  const phoneNumber = digitsIn(workflowId);
  if (record) {
    const { portfolioId, state, claim } = record;
    return { phoneNumber, portfolioId, state, claim };
  }
  const { PortfolioId, NumberState, WabaId, CustomerId } = attributes;
  const claim = WabaId === null ? null : { wabaId: WabaId, phoneNumberId: null, customerId: CustomerId };
  return {
    phoneNumber,
    portfolioId: PortfolioId,
    state: NumberState as RunFacts['state'],
    // They do not say when it was claimed, nor how we know.
    claim: claim && { ...claim, claimedAt: closedAt, source: 'searchAttributes' },
  };
}

/** What the audit said of a kept run. @throws Error where the reader lacks the key */
export async function keptRecord(
  record: Uint8Array,
  converter: LoadedDataConverter,
): Promise<KeptRecord | null> {
  const payload = Payload.decode(record);
  return decodeFromPayloadsAtIndex<KeptRecord | null>(converter, 0, [payload]);
}

/** The events of a kept history. */
export const eventsOf = (history: Uint8Array) => History.decode(history).events;

/** Plays a kept history through its chart again. */
export async function replayKept(
  { runId, workflowType, agrees: agreed }: EntryHeader & RunEntry,
  { history }: StoredEntry,
  converter: LoadedDataConverter,
): Promise<Replayed> {
  if (kindOf(workflowType) === null || history === null) return { disagrees: [], lacksKey: null };
  const readEvents = () => eventsOf(opened(history));
  const { findings, unreadable, lacksKey } = await audit(runId, readEvents, converter);
  const said = findings.map(({ eventId, what }) => `its history, event ${String(eventId)}: ${what}`);
  const untold = unreadable === null || lacksKey !== null || agreed === null;
  return { disagrees: untold ? said : [...said, `its history: ${unreadable}`], lacksKey };
}
