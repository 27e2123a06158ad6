import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readStatus } from '../../cli/pool-status';
import { addMany } from '../../client/pool/add-many';
import { addNumber } from '../../client/pool/add';
import { NumberPool } from '../../client';
import type { PortfolioId } from '../../contract/ids';
import { needs, readSettings } from '../../settings';
import { connect, type Connected } from '../../temporal/connect';
import { createReconcileActivities } from '../../worker/reconcile-activities';
import { findAlerts } from '../../worker/webhooks/alerts';
import { run } from '../cli/cli';
import { KeyPool, newKey, portfolioId } from './key-pool';

/** More than a page of Temporal's list; MANY_NUMBERS=10000 for as many as a large pool has. */
const all = Number(process.env['MANY_NUMBERS'] ?? 1050);
const [right, foreign] = [newKey('k1'), newKey('old')];
const numbers = Array.from({ length: all }, (_, index) => `1555${String(7800000 + index).padStart(7, '0')}`);
/** Ten, spread over the pool. */
const unreadable = numbers.filter((_, index) => index % Math.floor(all / 10) === 3).slice(0, 10);

let pool: KeyPool;
let mine: Connected;
let asMine: NumberPool;
beforeAll(async () => {
  pool = await KeyPool.start();
  const theirs = await connect(readSettings(needs.client, pool.env(foreign)));
  mine = await connect(readSettings(needs.client, pool.env(right)));
  asMine = new NumberPool(mine.client, { portfolioId });
  const add = (number: string) => {
    const { client } = unreadable.includes(number) ? theirs : mine;
    return addNumber(client, number, { portfolioId, by: 'test' });
  };
  const outcomes = await addMany(add, numbers, { concurrency: 40 });
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  await theirs.close();
  // Temporal's list is a moment behind.
  for (;;) {
    const { count } = await mine.client.workflow.count(`WorkflowType = 'numberLifecycle'`);
    if (count === all) break;
  }
}, 600_000);
afterAll(async () => {
  await mine.close();
  await pool.close();
});

test('list, status, reconciliation and alerts go on, and name the ten that cannot be read', async () => {
  const listed = [];
  for await (const number of asMine.list()) listed.push(number);
  expect(listed).toHaveLength(all);
  const sealed = listed.filter((number) => number.unreadable === 'old').map(({ phoneNumber }) => phoneNumber);
  expect(sealed.sort()).toEqual(unreadable);

  const { keys } = readSettings(['payloads'], pool.env(right)).payloads;
  const status = await readStatus(asMine, { portfolioId, keys });
  expect(status).toMatchObject({ living: all, byState: { Added: all } });
  expect(status.unreadable.map(({ number }) => number).sort()).toEqual(unreadable);

  const activities = createReconcileActivities(mine.client);
  const named: string[] = [];
  let after: string | null = null;
  do {
    const page = await activities.listUnclaimed({ portfolioId: portfolioId as PortfolioId, after });
    named.push(...(page.unreadable ?? []).map(({ phoneNumber }) => phoneNumber));
    after = page.after;
  } while (after !== null);
  expect(named.sort()).toEqual(unreadable);

  const watched = { portfolioId: portfolioId as PortfolioId, stock: { US: 5 }, policyDay: 86_400_000 };
  const alerts = await findAlerts(mine.client, watched, Date.now());
  expect(alerts.filter(({ event }) => event.type === 'warning.unreadable')).toHaveLength(10);
  expect(alerts.filter(({ event }) => event.type === 'warning.stock_low')).toHaveLength(1);
}, 300_000);

test('audit --all writes every number, those that cannot be read as rows that say so', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'preverified-many-'));
  const { code, out } = await run(['audit', '--all', '--out', folder, '--format', 'jsonl'], pool.env(right));
  expect([code, out]).toEqual([0, `${String(all)} audits are in ${folder}\n`]);
  expect(readdirSync(folder)).toHaveLength(all);
  rmSync(folder, { recursive: true });
}, 1_200_000);
