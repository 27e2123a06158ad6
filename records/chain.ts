import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Instant, NumberState } from '../contract/number-record';

/** What search attributes say in clear of a number that a run was the life of, with its claim: the key to its holdings. */
export interface RunFacts {
  /** Digits. */
  phoneNumber: string;
  portfolioId: string | null;
  state: NumberState | null;
  claim: {
    wabaId: string;
    phoneNumberId: string | null;
    customerId: string | null;
    claimedAt: Instant;
    source: string;
  } | null;
}

/** A run that has closed. */
export interface RunEntry {
  kind: 'run';
  runId: string;
  workflowId: string;
  workflowType: string;
  /** The first of the runs that continued each other. */
  firstRunId: string;
  /** As Temporal names it: `COMPLETED`, `CONTINUED_AS_NEW`, `TERMINATED` … */
  status: string;
  startedAt: Instant;
  closedAt: Instant;
  /** `null` for a run that is no number's life. */
  facts: RunFacts | null;
  /** Whether the history agreed with the chart when it was kept; `null` where that could not be told. */
  agrees: boolean | null;
  /** In hex, over the bytes as they are stored. */
  historySha256: string;
  recordSha256: string;
}

/** Somebody said that a customer has given a number back, or the customer has left. */
export interface ReleaseEntry {
  kind: 'release';
  phoneNumber: string;
  /** Whose customer left; absent where the number alone was given back. */
  wabaId?: string;
  by: string;
  reason: string;
}

/** A customer who had left came back with a number whose life had ended: they have it again from when this was recorded. */
export interface ReturnEntry {
  kind: 'return';
  phoneNumber: string;
  wabaId: string;
  phoneNumberId: string | null;
  customerId: string | null;
  /** In which the number's life had ended. */
  state: NumberState;
  by: string;
  reason: string;
}

export type EntryBody = RunEntry | ReleaseEntry | ReturnEntry;

/** What is hashed of an entry: JSON, the chain's own fields first. */
export type EntryHeader = {
  /** The chain's UUID: an entry of other records does not fit. */
  chain: string;
  seq: number;
  /** Hash of the entry before; of the first one, {@link NO_ENTRY}. */
  prev: string;
  recordedAt: Instant;
} & EntryBody;

export const NO_ENTRY = '0'.repeat(64);

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The text that an entry is stored and hashed as. */
export const headerOf = (
  place: Pick<EntryHeader, 'chain' | 'seq' | 'prev' | 'recordedAt'>,
  body: EntryBody,
): { header: string; hash: string } => {
  const header = JSON.stringify({ ...place, ...body });
  return { header, hash: sha256(header) };
};

const textOrNull = v.nullable(v.string());
const state = v.custom<NumberState>((value) => typeof value === 'string');
const place = { chain: v.string(), seq: v.number(), prev: v.string(), recordedAt: v.string() };
const claim = v.object({
  wabaId: v.string(),
  phoneNumberId: textOrNull,
  customerId: textOrNull,
  claimedAt: v.string(),
  source: v.string(),
});
const facts = v.object({
  phoneNumber: v.string(),
  portfolioId: textOrNull,
  state: v.nullable(state),
  claim: v.nullable(claim),
});
const header: v.GenericSchema<EntryHeader> = v.variant('kind', [
  v.object({
    ...place,
    kind: v.literal('run'),
    runId: v.string(),
    workflowId: v.string(),
    workflowType: v.string(),
    firstRunId: v.string(),
    status: v.string(),
    startedAt: v.string(),
    closedAt: v.string(),
    facts: v.nullable(facts),
    agrees: v.nullable(v.boolean()),
    historySha256: v.string(),
    recordSha256: v.string(),
  }),
  v.object({
    ...place,
    kind: v.literal('release'),
    phoneNumber: v.string(),
    wabaId: v.exactOptional(v.string()),
    by: v.string(),
    reason: v.string(),
  }),
  v.object({
    ...place,
    kind: v.literal('return'),
    phoneNumber: v.string(),
    wabaId: v.string(),
    phoneNumberId: textOrNull,
    customerId: textOrNull,
    state,
    by: v.string(),
    reason: v.string(),
  }),
]);

/** What the text of an entry says, whoever wrote it; `null` for what no entry was ever written as. */
export function readHeader(text: string): EntryHeader | null {
  try {
    const said: unknown = JSON.parse(text);
    return v.is(header, said) ? said : null;
  } catch {
    return null;
  }
}

/** A run of a number that ended with a claim and was not continued: the customer had the number. */
export const endsHolding = (entry: EntryHeader): entry is EntryHeader & RunEntry & { facts: RunFacts } =>
  entry.kind === 'run' && entry.status !== 'CONTINUED_AS_NEW' && entry.facts?.claim != null;
