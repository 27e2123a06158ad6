import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { historyFromJSON, historyToJSON } from '../../temporal/sdk-internals';
import {
  auditExported,
  auditLives,
  compareFile,
  readingConverter,
  renderAt,
  renderLives,
  renderVerdict,
} from '../../audit';
import { readSettings } from '../../settings';
import { Laptop } from '../client/laptop';

const number = '15550783882';
const byHand = { automation: { requestCode: false, reverify: false, register: false } };
const folder = mkdtempSync(path.join(tmpdir(), 'preverified-lives-'));

let laptop: Laptop;
let between: number;
beforeAll(async () => {
  laptop = await Laptop.start();
  const pool = laptop.pool();
  await pool.add(number, { ...byHand, by: 'Ann' });
  await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  await pool.reserve(number, { customerId: 'lucky-shrub', by: 'Ben' });
  await pool.share(number, { partnerBusinessId: '42' });
  between = Date.now();
  await pool.remove(number, { reason: 'the contract ended', by: 'Cid' });
  await pool.waitFor(number, 'Removed');
  await pool.add(number, { ...byHand, by: 'Dan' });
  await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await laptop.close();
});

/** Temporal's list is a moment behind. */
async function bothLives() {
  for (;;) {
    const lives = await auditLives(laptop.connected.client, number);
    if (lives.length === 2) return lives;
  }
}

test('all lives that Temporal still has are audited, each under its heading with who added it', async () => {
  const lives = await bothLives();
  expect(lives).toMatchObject([
    { addedBy: 'Ann', end: 'ended', agrees: true },
    { addedBy: 'Dan', end: 'open', agrees: true, endedAt: null },
  ]);
  const text = renderLives(lives, 'table');
  expect(text).toMatch(/^Life 1 of 2: added by Ann on .* UTC, Removed on .* UTC$/m);
  expect(text).toMatch(/^Life 2 of 2: added by Dan on .* UTC, goes on$/m);
  expect(lives[0]?.runs[0]?.rows[0]).toMatchObject({ who: 'Ann', what: 'started' });
  const removal = lives[0]?.runs[0]?.rows.find(({ what }) => what === 'update remove');
  expect(removal).toMatchObject({ who: 'Cid', detail: 'reason: the contract ended' });
});

test('who had a number on a day is told from the life of that day', async () => {
  const lives = await bothLives();
  expect(renderAt(lives, between)).toMatch(
    /was Added \(waiting\): no customer had it; it was reserved for lucky-shrub until .*; it was shared with 42\.$/,
  );
  expect(renderAt(lives, Date.now())).not.toContain('lucky-shrub');
  expect(renderAt(lives, Date.parse('2020-01-01'))).toMatch(/was not in the pool/);
});

test('a life that is open is told from one that was cut off', async () => {
  const [first, second] = await bothLives();
  const { client } = laptop.connected;
  const exported = async (runId: string, cut: number) => {
    const history = await client.workflow.getHandle(`number:${number}`, runId).fetchHistory();
    return historyToJSON({ events: (history.events ?? []).slice(0, (history.events?.length ?? 0) - cut) });
  };
  const converter = readingConverter(readSettings(['payloads'], laptop.env));
  expect(renderVerdict(second!)).toContain('The life is still open');

  const whole = await exported(first!.runs[0]!.runId, 0);
  expect(await auditExported(whole, converter)).toMatchObject({ end: 'ended', agrees: true });
  expect(await compareFile(client, `number:${number}`, whole)).toEqual([]);
  const cut = await exported(first!.runs[0]!.runId, 6);
  const audit = await auditExported(cut, converter);
  expect(audit.end).toBe('unknown');
  expect(renderVerdict(audit)).toContain('A file does not tell whether events were cut off');
  expect(await compareFile(client, `number:${number}`, cut)).toMatchObject([
    { what: 'the file ends here, and Temporal has 6 more events' },
  ]);
  expect(await compareFile(client, 'number:15550783899', whole)).toMatchObject([
    {
      what: expect.stringMatching(
        /^Temporal has no run \S+ of number:15550783899: the file is of another one/,
      ),
    },
  ]);
  writeFileSync(path.join(folder, 'cut.json'), cut);
});

test.each([
  ['later', 120_000],
  ['earlier', -120_000],
])('a message that was moved to two minutes %s is found', async (_, by) => {
  const [first] = await bothLives();
  const handle = laptop.connected.client.workflow.getHandle(`number:${number}`, first!.runs[0]!.runId);
  const json = JSON.parse(historyToJSON(await handle.fetchHistory())) as { events: Record<string, string>[] };
  const moved = json.events.find((event) => 'activityTaskCompletedEventAttributes' in event)!;
  moved['eventTime'] = new Date(Date.parse(moved['eventTime']!) + by).toISOString();
  const text = JSON.stringify(json);
  expect(historyFromJSON(JSON.parse(text)).events).toBeDefined();
  const audit = await auditExported(text, readingConverter(readSettings(['payloads'], laptop.env)));
  expect(audit.agrees).toBe(false);
});
