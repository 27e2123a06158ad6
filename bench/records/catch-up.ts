import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { keepRecords } from '../../client/records/keep-records';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { recordsIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { openRecords, headOf } from '../../records';
import { needs, readSettings } from '../../settings';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { figure } from '../core/figures';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { databases, type BenchDatabase } from './database';

const namespace = 'catch-up';
/** Milliseconds that making the closed runs may take. */
const MAKING = 20 * 60_000;

/** What it took to keep them all. */
interface Caught {
  database: string;
  seconds: number;
  keptPerSecond: number;
  /** Megabytes: of the worker before, and at most. */
  rssBefore: number;
  rssMost: number;
  /** Runs of the writer's workflow, and events of the longest. */
  writerRuns: number;
  longestHistory: number;
  /** Lines that somebody who waits was told. */
  told: string[];
}

/** Records that begin on a namespace with many closed runs. */
export const catchUp: Bench = {
  description: '50,000 closed runs that records find when they begin: how fast, in how much memory',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const wanted = short ? 250 : Number(process.env['CATCH_UP_RUNS'] ?? 50_000);
    const stack = await BenchStack.start({ server: await devServer([namespace]) });
    const bar = progress(20 + databases().length, 'catch-up');
    try {
      const { client } = await stack.namespace(namespace);
      const begun = performance.now();
      const made = await makeClosedRuns(client, wanted, (done) => bar.step(`${done} runs closed`));
      const making = (performance.now() - begun) / 1000;
      const caught: Caught[] = [];
      for (const open of databases()) {
        const database = await open();
        try {
          caught.push(await keepAll(stack, client, database, made));
        } finally {
          await database.stop();
        }
        bar.step(`${database.name}: caught up`);
      }
      return report(made, making, caught);
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};

/** Terminated before any worker saw them: the least that a run can be. @returns how many there are */
async function makeClosedRuns(client: Client, wanted: number, onStep: (done: number) => void) {
  const end = performance.now() + MAKING;
  const limit = pLimit(50);
  let done = 0;
  const make = async (index: number) => {
    if (performance.now() > end) return;
    const phoneNumber = `1555${String(index + 1).padStart(7, '0')}`;
    const handle = await client.workflow.start('numberLifecycle', {
      workflowId: workflowIdOf(phoneNumber),
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ phoneNumber, portfolioId: '506914307656634' }],
    });
    await handle.terminate();
    if (++done % Math.ceil(wanted / 20) === 0) onStep(done);
  };
  await Promise.all(Array.from({ length: wanted }, (_, index) => limit(() => make(index))));
  // Temporal's list is a moment behind.
  while ((await client.workflow.count("ExecutionStatus = 'Terminated'")).count < done) await setTimeout(500);
  return done;
}

async function keepAll(
  stack: BenchStack,
  client: Client,
  database: BenchDatabase,
  made: number,
): Promise<Caught> {
  const env = { RECORDS_URL: database.url };
  const worker = await stack.worker(namespace, undefined, env);
  const writer = recordsIdOf(namespace);
  const before = await worker.usage();
  let rssMost = before.rss;
  const told: string[] = [];
  let over = false;
  const watch = async () => {
    while (!over) {
      rssMost = Math.max(rssMost, (await worker.usage()).rss);
      await setTimeout(1_000);
    }
  };
  const watching = watch();
  const startedAt = new Date().toISOString();
  const begun = performance.now();
  const { kept, lost } = await keepRecords(client, {}, (line) => told.push(line));
  const seconds = (performance.now() - begun) / 1000;
  over = true;
  await watching;
  if (kept !== made || lost.length > 0) throw new Error(`${kept} of ${made} runs were kept`);
  const records = await openRecords(readSettings(needs.worker, { ...stack.env(namespace), ...env }));
  const { seq } = await records.use((db) => headOf(records, db)).finally(() => records.close());
  if (seq !== made) throw new Error(`the chain has ${seq} entries for ${made} runs`);
  await worker.stop();
  const lengths: number[] = [];
  const query = `WorkflowId = '${writer}' AND StartTime >= '${startedAt}'`;
  for await (const run of client.workflow.list({ query })) lengths.push(run.historyLength);
  // It names the records that a worker must have: the next ones are others.
  await client.schedule.getHandle(writer).delete();
  return {
    database: database.name,
    seconds,
    keptPerSecond: made / seconds,
    rssBefore: before.rss / 1e6,
    rssMost: rssMost / 1e6,
    writerRuns: lengths.length,
    longestHistory: Math.max(...lengths),
    told,
  };
}

function report(made: number, making: number, caught: readonly Caught[]): Finding {
  const rows: [string, (one: Caught) => string][] = [
    ['runs kept a second', (one) => figure(one.keptPerSecond)],
    ['seconds', (one) => figure(one.seconds)],
    [
      'memory of the worker before, and at most, MB',
      (one) => `${figure(one.rssBefore)} · ${figure(one.rssMost)}`,
    ],
    ["runs of the writer's workflow", (one) => String(one.writerRuns)],
    ['events of the longest of them', (one) => String(one.longestHistory)],
    ['lines that told how far it was', (one) => String(one.told.length)],
  ];
  return {
    tables: [
      {
        title: `${made} closed runs, made in ${figure(making)} seconds`,
        head: ['', ...caught.map(({ database }) => database)],
        rows: rows.map(([name, of]) => [name, ...caught.map(of)]),
      },
    ],
    caveats: [
      `Told on the way: ${caught.map(({ told }) => told.at(told.length >> 1) ?? 'nothing').join(' · ')}`,
    ],
    figures: { made, making, caught },
  };
}
