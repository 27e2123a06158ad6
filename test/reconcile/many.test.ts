import pLimit from 'p-limit';
import { createGraphClient } from '../../activities/graph';
import { reconcile } from '../../client/reconcile/reconcile';
import type { PortfolioId, PreverifiedId } from '../../contract/ids';
import { searchAttributes } from '../../contract/search-attributes';
import type { Reconciliation } from '../../contract/reconciliation';
import { Laptop, portfolioId as portfolio, waba } from '../client/laptop';

const portfolioId = portfolio as PortfolioId;
const COUNT = 2_100;
const numbers = Array.from({ length: COUNT }, (_, index) => `1555${String(4_000_000 + index)}`);
const claimed = numbers.filter((_, index) => index % 500 === 250);
const deleted = numbers[7]!;
const unknown = numbers.at(-1)!;

let laptop: Laptop;
beforeAll(async () => {
  // Pages may be short or empty before the last one.
  laptop = await Laptop.start({ assumptions: { pages: 'ragged' } });
  const graph = createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'a-token' });
  const ids = new Map<string, PreverifiedId>();
  const limit = pLimit(30);
  await Promise.all(
    numbers.map((number) =>
      limit(async () => {
        ids.set(number, await graph.addPhoneNumber(portfolioId, number));
        if (number !== unknown) await startNumber(number);
      }),
    ),
  );
  for (const number of claimed) await laptop.sim.claim(ids.get(number)!, waba);
  await graph.deletePreverifiedNumber(ids.get(deleted)!);
  let listed = 0;
  while (listed < COUNT - 1) {
    listed = (await laptop.connected.client.workflow.count(`NumberState = 'Unverified'`)).count;
  }
}, 180_000);
afterAll(() => laptop.close());

/** Starts a workflow that Temporal lists as an unverified number. No worker runs it, so the tests see what it was sent. */
async function startNumber(number: string): Promise<void> {
  await laptop.connected.client.workflow.start('numberLifecycle', {
    workflowId: `number:${number}`,
    taskQueue: 'nobody',
    typedSearchAttributes: [
      { key: searchAttributes.NumberState, value: 'Unverified' },
      { key: searchAttributes.PortfolioId, value: portfolioId },
    ],
  });
}

/** Names of the signals that the number's workflow received. */
async function signalsOf(number: string): Promise<string[]> {
  const { events } = await laptop.connected.client.workflow.getHandle(`number:${number}`).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName ? [signal.signalName] : [],
  );
}

test('thousands of numbers are compared page by page, over several runs and a restart of the worker, each difference reported once', async () => {
  const { client } = laptop.connected;
  const before = (await laptop.sim.calls()).length;
  const running = reconcile(client, { portfolioId });
  const handle = client.workflow.getHandle(`reconcile:${portfolioId}`);
  for (let pool = 0; pool < 400;) {
    pool = await handle.query<Reconciliation>('getReconciliation').then(
      ({ counts }) => counts.pool,
      // It has not started yet.
      () => 0,
    );
  }
  await laptop.stopWorker();
  await laptop.startWorker();

  const report = await running;
  expect(report.counts).toMatchObject({
    pool: COUNT - claimed.length - 1,
    ours: expect.any(Number),
    wabas: 1,
    differences: claimed.length + 2,
  });
  // The adopted number may be listed already when ours are read.
  expect(report.counts.ours - (COUNT - 1)).toBeLessThanOrEqual(1);
  const kinds = (kind: string) =>
    report.differences.filter((one) => one.kind === kind).map(({ phoneNumber }) => phoneNumber);
  expect(kinds('claimed').sort()).toEqual(claimed);
  expect(kinds('missing')).toEqual([deleted]);
  expect(kinds('unknown')).toEqual([unknown]);

  for (const number of claimed) expect(await signalsOf(number)).toEqual(['claim']);
  expect(await signalsOf(deleted)).toEqual(['refresh']);
  expect(await signalsOf(numbers[8]!)).toEqual([]);

  // The adopted number makes calls of its own: those that add it and request its code.
  const reads = (await laptop.sim.calls())
    .slice(before)
    .filter(({ call }) =>
      /^(preverified_numbers|phone_numbers|client_whatsapp_business_accounts)$/.test(call),
    );
  expect(reads.length - report.counts.graphCalls).toBeLessThanOrEqual(2);
  const runs: string[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = 'reconcile:${portfolioId}'` })) {
    runs.push(runId);
  }
  expect(runs.length).toBeGreaterThan(1);
  for (const runId of runs) {
    const { historyLength } = await client.workflow.getHandle(`reconcile:${portfolioId}`, runId).describe();
    expect(historyLength).toBeLessThan(1_000);
  }
});
