import { TypedSearchAttributes } from '@temporalio/common';
import { auditNumber, readingConverter } from '../../audit';
import { runToKeep } from '../../audit/kept-run';
import { verifyRecords } from '../../audit/verify-records';
import { subjectOf, whoHad } from '../../audit/who';
import { statedAttributes } from '../../contract/search-attributes';
import { appendRuns, openRecords, verifyChain, type ClosedRun, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { figure } from '../core/figures';
import { quantile } from '../core/statistics';
import { preverified } from '../lifecycle/lives';
import { recordLife, type Recorded } from '../replay/record';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { databases } from './database';

/** Runs of one transaction, as the writer has them. */
const PAGE = 100;
/** Numbers of a customer. */
const EACH = 5;

interface Times {
  p50: number;
  p99: number;
}

/** What records of so many lives cost. */
interface Measured {
  database: string;
  lives: number;
  appendedPerSecond: number;
  bytesEach: number;
  /** Runs whose bytes, hashes and rows are checked in a second; with their histories played again. */
  checkedPerSecond: number;
  verifiedPerSecond: number;
  /** Milliseconds. */
  whoByNumber: Times;
  whoByCustomer: Times;
  audit: Times;
}

/** What is kept of a life costs time and room for good: with thousands and tens of thousands of them. */
export const records: Bench = {
  description: 'records of 1,000 and 50,000 lives on SQLite and PostgreSQL: keeping, verifying, who, audit',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short
      ? { steps: [100, 200], asked: 20, verified: 50 }
      : { steps: [1_000, 50_000], asked: 300, verified: 500 };
    const stack = await BenchStack.start({ server: await devServer([preverified.namespace]) });
    const bar = progress(databases().length * size.steps.length * 3 + 1, 'records');
    try {
      const { client } = await stack.namespace(preverified.namespace);
      const worker = await stack.worker(preverified.namespace);
      const life = await recordLife(client, stack.customers, preverified, '15550000001');
      await worker.stop();
      const env = stack.env(preverified.namespace);
      const prepared = await prepare(life, env, short ? 20 : 200);
      bar.step('a life recorded');
      const measured: Measured[] = [];
      for (const open of databases()) {
        const database = await open();
        const settings = readSettings(needs.worker, { ...env, RECORDS_URL: database.url });
        const kept = await openRecords(settings);
        try {
          let lives = 0;
          const empty = await database.size();
          for (const total of size.steps) {
            const appended = await append(kept, prepared.run, lives, total);
            bar.step(`${database.name}: ${total} lives`);
            lives = total;
            measured.push({
              database: database.name,
              lives,
              ...appended,
              bytesEach: ((await database.size()) - empty) / total,
              ...(await verify(kept, settings, size.verified)),
              ...(await ask(kept, client, total, size.asked)),
            });
            bar.step(`${database.name}: ${total} lives verified and asked`);
          }
        } finally {
          await kept.close();
          await database.stop();
        }
      }
      return report(measured, prepared.perSecond, life);
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};

/** What the writer makes of a history before it is stored: audited, encoded, compressed. */
async function prepare({ workflowId, history }: Recorded, env: Record<string, string>, times: number) {
  const converter = readingConverter(readSettings(needs.worker, env));
  const at = new Date().toISOString();
  const told = {
    ...{ runId: '', workflowId, workflowType: 'numberLifecycle', status: 'COMPLETED' },
    ...{ startedAt: at, closedAt: at },
  };
  const attributes = statedAttributes(new TypedSearchAttributes([]));
  const begun = performance.now();
  let run: ClosedRun | undefined;
  for (let time = 0; time < times; time++) run = await runToKeep(told, attributes, history, converter);
  if (!run?.run.facts?.claim) throw new Error('the life that was recorded has no claim');
  return { run, perSecond: (times / (performance.now() - begun)) * 1000 };
}

async function append(kept: Records, like: ClosedRun, from: number, total: number) {
  const begun = performance.now();
  for (let first = from; first < total; first += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, total - first) }, (_, index) =>
      numbered(like, first + index),
    );
    if ((await appendRuns(kept, page)) !== page.length) throw new Error('runs were not kept');
  }
  return { appendedPerSecond: ((total - from) / (performance.now() - begun)) * 1000 };
}

const digitsOf = (index: number) => `1555${String(index + 1).padStart(7, '0')}`;
const customerOf = (index: number) => `customer-${String(Math.floor(index / EACH))}`;

/** The same life as another number's. */
function numbered({ run, ...bytes }: ClosedRun, index: number): ClosedRun {
  const phoneNumber = digitsOf(index);
  const runId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const { facts } = run;
  const claim = facts?.claim && {
    ...facts.claim,
    wabaId: String(100_000_000_000_000 + Math.floor(index / EACH)),
    customerId: customerOf(index),
  };
  return {
    ...bytes,
    run: {
      ...run,
      ...{ runId, firstRunId: runId, workflowId: `number:${phoneNumber}` },
      facts: facts && { ...facts, phoneNumber, claim: claim ?? null },
    },
  };
}

async function verify(
  kept: Records,
  settings: Parameters<typeof readingConverter>[0],
  enough: number,
): Promise<Pick<Measured, 'checkedPerSecond' | 'verifiedPerSecond'>> {
  const begun = performance.now();
  const { entries, faults } = await verifyChain(kept, { keys: [] });
  if (faults[0]) throw new Error(faults[0].what);
  const checkedPerSecond = (entries / (performance.now() - begun)) * 1000;
  // What comes after has the same history: so many say how long each takes.
  const again = performance.now();
  let played = 0;
  const stop = new Error('enough');
  await verifyRecords(kept, readingConverter(settings), {
    keys: [],
    onEntry: () => {
      if (++played >= enough) throw stop;
    },
  }).catch((error: unknown) => {
    if (error !== stop) throw error;
  });
  return { checkedPerSecond, verifiedPerSecond: (played / (performance.now() - again)) * 1000 };
}

/** Of numbers that are spread over all that there are. */
async function ask(
  kept: Records,
  client: Parameters<typeof auditNumber>[0],
  lives: number,
  asked: number,
): Promise<Pick<Measured, 'whoByNumber' | 'whoByCustomer' | 'audit'>> {
  const chosen = Array.from({ length: asked }, (_, index) => Math.floor(((index + 0.5) * lives) / asked));
  const timesOf = async (question: (index: number) => Promise<boolean>): Promise<Times> => {
    const times: number[] = [];
    for (const index of chosen) {
      const begun = performance.now();
      if (!(await question(index))) throw new Error('the records did not know');
      times.push(performance.now() - begun);
    }
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  };
  return {
    whoByNumber: await timesOf(
      async (index) => (await whoHad(null, kept, subjectOf(`+${digitsOf(index)}`))).length === 1,
    ),
    whoByCustomer: await timesOf(
      async (index) => (await whoHad(null, kept, subjectOf(customerOf(index)))).length === EACH,
    ),
    audit: await timesOf(
      async (index) => (await auditNumber(client, digitsOf(index), kept)).runs.length === 1,
    ),
  };
}

function report(measured: readonly Measured[], preparedPerSecond: number, life: Recorded): Finding {
  const times = ({ p50, p99 }: Times) => `${figure(p50)} · ${figure(p99)}`;
  const rows: [string, (one: Measured) => string][] = [
    ['runs appended a second', (one) => figure(one.appendedPerSecond)],
    ['bytes on disk, each', (one) => figure(one.bytesEach)],
    ['entries checked a second, by hash', (one) => figure(one.checkedPerSecond)],
    ['verified a second, histories played again', (one) => figure(one.verifiedPerSecond)],
    ['who, by number, ms', (one) => times(one.whoByNumber)],
    ['who, by customer, ms', (one) => times(one.whoByCustomer)],
    ['audit from records, ms', (one) => times(one.audit)],
  ];
  return {
    tables: [
      {
        title: 'Records (times are the median and the 99th percentile)',
        head: ['', ...measured.map(({ database, lives }) => `${database}, ${lives} lives`)],
        rows: rows.map(([name, of]) => [name, ...measured.map(of)]),
      },
    ],
    caveats: [
      `A life has ${String(life.history.events?.length ?? 0)} events. One process audits and compresses ${figure(preparedPerSecond)} of them a second, before they are appended.`,
    ],
    figures: { measured, preparedPerSecond },
  };
}
