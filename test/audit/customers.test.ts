import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { historyToJSON } from '../../temporal/sdk-internals';
import {
  auditLives,
  compareFile,
  render,
  renderAt,
  renderLives,
  renderVerdict,
  type LifeAudit,
} from '../../audit';
import type { NumberPool } from '../../client';
import { keepRecords } from '../../client/records/keep-records';
import { verifyRecords } from '../../audit/verify-records';
import { readingConverter } from '../../audit';
import { openRecordsToRead, readEntries, type EntryHeader } from '../../records';
import { needs, readSettings } from '../../settings';
import { run } from '../cli/cli';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { businessId, partnerLaptop } from '../customers/partner';
import {
  alterResult,
  changeAttribute,
  find,
  findings,
  shiftLastTask,
  tampered,
  tamperingsAreFound,
  type Json,
} from './tampering';

// A customer's history is played back as a number's is (test/audit/audit.test.ts).

const workflowId = `customer:${waba}`;
const folder = mkdtempSync(path.join(tmpdir(), 'preverified-customers-'));

let laptop: Laptop;
let pool: NumberPool;
let exported: string;
let connectedAt: number;
beforeAll(async () => {
  laptop = await partnerLaptop();
  pool = laptop.pool({ by: 'alice' });
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  const call = 'whatsapp_credit_sharing_and_attach';
  await laptop.sim.fault({ call, times: 1, error: { code: 10, message: 'No permission' } });
  await pool.connectCustomer(waba, { businessId, customerId: 'lucky-shrub' });
  await pool.waitUntilCustomer(waba, ({ problem }) => problem !== null);
  await pool.connectCustomer(waba, { by: 'bob' });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected');
  await pool.refreshCustomer(waba);
  connectedAt = Date.now();
  await pool.signalCustomer('reportDeparture', waba, { event: 'ACCOUNT_DELETED', businessId });
  await pool.waitUntilCustomer(waba, ({ lastRefusal }) => lastRefusal !== null);
  await pool.offboardCustomer(waba, { reason: 'contract ended', by: 'carol' });
  exported = historyToJSON(await laptop.connected.client.workflow.getHandle(workflowId).fetchHistory());
  await pool.connectCustomer(waba, { by: 'dora' });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected');
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await laptop.close();
});

/** Temporal's list is a moment behind. */
async function bothLives(): Promise<[LifeAudit, LifeAudit]> {
  for (;;) {
    const lives = await auditLives(laptop.connected.client, waba);
    if (lives.length === 2) return lives as [LifeAudit, LifeAudit];
  }
}

test('both lives of a customer who came back agree with the chart', async () => {
  const lives = await bothLives();
  expect(lives.flatMap(findings)).toEqual([]);
  expect(lives).toMatchObject([
    { addedBy: 'alice', end: 'ended', agrees: true, runs: [{ kind: 'customer', record: { state: 'Left' } }] },
    { addedBy: 'dora', end: 'open', agrees: true },
  ]);
  expect(renderLives(lives, 'table')).toMatch(/^Life 1 of 2: begun by alice on .* UTC, Left on .* UTC$/m);
  expect(renderVerdict(lives[0])).toMatch(/^The history agrees with the chart: states, times, steps/);
});

test('it tells who did what, from where to where, and how Meta answered', async () => {
  const [first] = await bothLives();
  const rows = first.runs.flatMap((each) => each.rows);
  const row = (what: string, who: string) => rows.find((each) => each.what === what && each.who === who);
  expect(rows[0]).toMatchObject({ who: 'alice', what: 'started' });
  expect(row('shareCreditLine refused', 'Meta')).toMatchObject({
    from: 'Connecting.funding',
    to: 'Connecting.waiting',
  });
  expect(row('signal connect', 'bob')).toMatchObject({ to: 'Connecting.funding' });
  expect(row('update offboard', 'carol')).toMatchObject({ to: 'Connected.leaving.revoking' });
  expect(row('closeCustomer answered', 'records')).toMatchObject({ to: 'Left' });
  expect(render(first, 'csv')).toContain('reason: contract ended');
});

test('how a customer stood on a day is told from the life of that day', async () => {
  const lives = await bothLives();
  expect(renderAt(lives, connectedAt)).toMatch(
    /WABA 102290129340398, the customer lucky-shrub, was Connected \(settled\): exchange skipped, subscribe done, .*; numbers: none known\.$/,
  );
  expect(renderAt(lives, Date.parse('2020-01-01'))).toMatch(/the WABA was no customer of ours/);
});

test('an exported history is compared with what Temporal has', async () => {
  const { client } = laptop.connected;
  expect(await compareFile(client, workflowId, exported)).toEqual([]);
  const cut = JSON.parse(exported) as Json;
  cut.events.splice(-3);
  expect(await compareFile(client, workflowId, JSON.stringify(cut))).toMatchObject([
    { what: 'the file ends here, and Temporal has 3 more events' },
  ]);
});

test('the commands audit a customer by WABA, by file, and with all others', async () => {
  const one = await run(['audit', waba, '--verify'], laptop.env);
  expect(one).toMatchObject({ code: 0 });
  expect(one.out).toContain('closeCustomer');
  expect(one.err).toContain('The history agrees with the chart');
  const file = path.join(folder, 'customer.json');
  writeFileSync(file, exported);
  const held = await run(['audit', waba, '--file', file, '--verify'], laptop.env);
  expect(held).toMatchObject({ code: 0 });
  expect(held.err).toContain('The file is what Temporal has.');
  const all = await run(['audit', '--all', '--out', folder, '--verify'], laptop.env);
  expect(all).toMatchObject({ code: 0 });
  expect(all.out).toContain('; 0 disagree');
  expect(readdirSync(folder)).toContain(`customer-${waba}.txt`);
  expect(readFileSync(path.join(folder, `customer-${waba}.txt`), 'utf8')).toContain('offboard');
  const nobody = await run(['audit', '5550123'], laptop.env);
  expect(nobody).toMatchObject({ code: 1 });
  expect(nobody.err).toMatch(/and WABA 5550123 was never a customer of ours/);
});

test('records keep what the audit found, and verify plays the history through the chart again', async () => {
  const { client } = laptop.connected;
  const settings = readSettings(needs.worker, laptop.env);
  await bothLives();
  await keepRecords(client);
  const records = await openRecordsToRead(settings);
  const kept: EntryHeader[] = [];
  for await (const { header } of readEntries(records)) kept.push(JSON.parse(header) as EntryHeader);
  expect(kept).toMatchObject([{ workflowId, agrees: true }]);
  const verified = await verifyRecords(records, readingConverter(settings), { keys: [] });
  expect(verified).toMatchObject({ ok: true, faults: [] });
  const [life] = await auditLives(client, waba, records);
  expect(life?.runs).toMatchObject([{ source: 'records', findings: [], unreadable: null }]);
  await records.close();
});

describe('a history that was tampered with is found out', () => {
  const changed = (change: (history: Json) => void) => tampered(exported, laptop.env, change);

  tamperingsAreFound(changed);

  test('another state in a search attribute', async () => {
    expect(findings(await changed(changeAttribute('CustomerState', 'Left')))[0]).toMatch(
      /CustomerState is "Left" in the history/,
    );
  });

  test('another customer in a search attribute', async () => {
    expect(findings(await changed(changeAttribute('CustomerId', 'mallory')))[0]).toMatch(
      /CustomerId is "mallory"/,
    );
  });

  test('a credit line that was shared left out', async () => {
    const audit = await changed((history) => {
      const shared = find(history, 'activityTaskScheduledEventAttributes').find(
        (event) => event['activityTaskScheduledEventAttributes'].activityType.name === 'shareCreditLine',
      )!;
      shared['activityTaskScheduledEventAttributes'].activityType.name = 'readCustomer';
    });
    expect(findings(audit)[0]).toMatch(/readCustomer was made where the chart asks for shareCreditLine/);
  });

  test('another message in the place of one', async () => {
    const audit = await changed((history) => {
      const [signal] = find(history, 'workflowExecutionSignaledEventAttributes');
      signal!['workflowExecutionSignaledEventAttributes'].signalName = 'offboard';
    });
    expect(findings(audit).length).toBeGreaterThan(0);
  });

  test('a time shifted, so that they left earlier', async () => {
    expect(findings(await changed(shiftLastTask)).join()).toMatch(/leftAt is|transitions is/);
  });

  test('a ciphertext altered', async () => {
    await expect(changed(alterResult)).rejects.toThrow(/altered|read/);
  });

  test('the history of another kind of workflow under its name', async () => {
    const audit = await changed(({ events }) => {
      events[0]!['workflowExecutionStartedEventAttributes'].workflowType.name = 'numberLifecycle';
    });
    expect(findings(audit)).toEqual([expect.stringMatching(/the start is not understood/)]);
  });
});

test('a number whose workflow was ended from outside is audited with all others', async () => {
  const { client } = laptop.connected;
  const number = '15550783899';
  await laptop.pool().add(number);
  await client.workflow.getHandle(`number:${number}`).terminate('by mistake');
  // Temporal lists a run a moment after it has begun.
  while ((await client.workflow.count(`WorkflowId = 'number:${number}'`)).count === 0) continue;
  const { code, out } = await run(['audit', '--all', '--out', folder], laptop.env);
  expect([code, out]).toEqual([0, `2 audits are in ${folder}\n`]);
  expect(readFileSync(path.join(folder, `${number}.txt`), 'utf8')).toContain('by mistake');
});
