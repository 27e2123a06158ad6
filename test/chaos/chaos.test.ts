import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quiet } from '../support/quiet';
import { scenarios } from './scenarios/scenarios';

// A life is stuck after 400 seconds; on a quick machine the slowest takes half a minute.
jest.setTimeout(500_000);

const seed = Number(process.env['CHAOS_SEED'] ?? 20261125);
const broken = new AbortController();
let folder: string;
beforeAll(async () => {
  quiet();
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-chaos-'));
});
afterAll(async () => {
  broken.abort();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  [
    'await-points',
    'a worker that is killed before, in and after its calls loses nothing and does nothing twice',
  ],
  ['kills', 'Temporal and the gateway are killed while twenty numbers live: each ends where its story says'],
  [
    'records-postgres',
    'whatever is killed in the middle of the writer, every closed run is in the chain once: on PostgreSQL',
  ],
  [
    'records-sqlite',
    'whatever is killed in the middle of the writer, every closed run is in the chain once: on SQLite',
  ],
])('%s: %s', async (name) => {
  const options = { seed, short: true, folder, report: () => undefined, signal: broken.signal };
  const { faults, havoc, acknowledged } = await scenarios[name]!.run(options);
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(Object.values(havoc).length).toBeGreaterThan(0);
  expect(acknowledged).toBeGreaterThan(10);
});
