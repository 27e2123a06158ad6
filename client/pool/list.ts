import type { Client } from '@temporalio/client';
import type { Instant, NumberState } from '../../contract/number-record';
import { readingClient } from '../../temporal/reading-client';
import { partnersIn } from '../../contract/partners';
import { canonicalDigits } from '../../contract/phone-number';
import { digitsIn } from '../../contract/workflow-ids';
import { search, type NumberFilter, type Search } from './filter';
import { findRun, runOf, runsOf, type Run } from './run';

/** A number as Temporal's list knows it: a moment behind, and without asking the number. Times ISO 8601 UTC. */
export interface ListedNumber {
  /** Digits. */
  phoneNumber: string;
  portfolioId: string | null;
  state: NumberState;
  country: string | null;
  wabaId: string | null;
  customerId: string | null;
  verificationExpiresAt: Instant | null;
  nextDeadline: Instant | null;
  /** The problem's code. */
  problem: string | null;
  /** The same code where a person has to act; `null` where it passes by itself. */
  needsPerson: string | null;
  /** The ID of the key that it is encrypted with and that the reader lacks; `null` where it can be read. */
  unreadable: string | null;
  runId: string;
  /** When its run began. */
  startedAt: Instant;
}

/** The numbers that a filter admits, each once, newest first. */
export async function* listNumbers(
  client: Client,
  filter: NumberFilter,
): AsyncGenerator<ListedNumber, void, undefined> {
  const { query, exactly, partnerBusinessId } = search(filter, Date.now());
  const seen = new Set<string>();
  // Behind a Registered one, which has to be looked at, all wait for their turn.
  let waiting: Found[] = [];
  const settle = async function* (): AsyncGenerator<ListedNumber, void, undefined> {
    const again = await addedAgain(client, waiting);
    for (const { run, state } of waiting) {
      if (seen.has(run.digits) || again.has(run.runId)) continue;
      if (await hasNewLife(client, run)) continue;
      seen.add(run.digits);
      yield listed(run, state);
    }
    waiting = [];
  };
  for await (const info of readingClient(client).workflow.list({ query, pageSize: 1000 })) {
    if (partnerBusinessId !== null && !partnersIn(info.memo).includes(partnerBusinessId)) continue;
    const run = runOf(digitsIn(info.workflowId), info);
    // No worker has seen it yet, or none will that can read it.
    const state = run.state ?? (run.unreadable === null ? null : 'Added');
    if (seen.has(run.digits) || state === null || !matches(run, exactly)) continue;
    waiting.push({ run, state });
    if (waiting[0]?.state !== 'Registered' || waiting.length === 100) yield* settle();
  }
  yield* settle();
}

interface Found {
  run: Run;
  state: NumberState;
}

const matches = ({ attributes }: Run, exactly: Search['exactly']) =>
  Object.entries(exactly).every(([name, value]) => attributes[name as keyof typeof attributes] === value);

/** A number that left the pool may have been added again: then its old run is not what it is. */
async function hasNewLife(client: Client, { digits, runId, status, state }: Run): Promise<boolean> {
  if (status === 'RUNNING' || state === 'Registered') return false;
  return (await findRun(client, digits))?.runId !== runId;
}

/**
 * The run IDs of Registered numbers that live again since, in whichever written form. There may be thousands: many are asked
 * for at once. A later life that was Rejected changed nothing, for Meta did not take it.
 */
async function addedAgain(client: Client, found: readonly Found[]): Promise<Set<string>> {
  const registered = found.filter(({ state }) => state === 'Registered').map(({ run }) => run);
  const last = new Map<string, number>();
  const asked = registered.map(({ digits }) => digits);
  for await (const { digits, state, startedAt } of runsOf(client, asked)) {
    const number = canonicalDigits(digits);
    if (state !== 'Rejected') last.set(number, Math.max(last.get(number) ?? 0, startedAt));
  }
  return new Set(
    registered
      .filter(({ digits, startedAt }) => (last.get(canonicalDigits(digits)) ?? 0) > startedAt)
      .map(({ runId }) => runId),
  );
}

function listed({ digits, runId, attributes, unreadable, startedAt }: Run, state: NumberState): ListedNumber {
  return {
    phoneNumber: digits,
    portfolioId: attributes.PortfolioId,
    state,
    country: attributes.Country,
    wabaId: attributes.WabaId,
    customerId: attributes.CustomerId,
    verificationExpiresAt: attributes.VerificationExpiresAt,
    nextDeadline: attributes.NextDeadline,
    problem: attributes.Problem,
    needsPerson: attributes.NeedsPerson,
    unreadable,
    runId,
    startedAt: new Date(startedAt).toISOString(),
  };
}
