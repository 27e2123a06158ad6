import { Random } from '../../../simulator/random';
import { findPostgres, postgresRemedy } from '../../../stack/set-up/postgres';
import { keepMeanwhile } from '../judge/records';
import type { StoryName } from '../lives/stories';
import { postgresRecords, sqliteRecords, type RecordsDatabase } from '../processes/records-database';
import { pick, shuffled } from './cast';
import { Gate } from './gate';
import { playOn } from './play';
import type { Scenario } from './scenario';

const stories: readonly StoryName[] = [
  'registered',
  'claim that only Meta reports',
  'shared',
  'two customers at once',
  'removed',
];

/**
 * Kills the worker, Temporal and the records' database while the writer of the records is held up at each of its steps, with
 * lives that have just ended for it to keep.
 */
const killInRecords = (
  title: string,
  open: () => Promise<RecordsDatabase>,
  lacks?: () => string | undefined,
): Scenario => ({
  title,
  ...(lacks && { lacks }),
  async run(options) {
    const { seed, short, report, signal } = options;
    const random = new Random(seed, 'records');
    const records = await open();
    try {
      return await playOn({ policyDay: 2_000, records }, options, (stack) => {
        const victims = [stack.worker, stack.temporal, ...(records.part ? [records.part] : [])];
        const kills = records.steps.flatMap((step) => victims.map((victim) => ({ step, victim })));
        // A step's lives begin when its turn comes: there are always some that end.
        const turns = shuffled(kills, random).slice(0, short ? 4 : undefined);
        const each = short ? 4 : Math.ceil(500 / turns.length);
        const gates = turns.map(() => new Gate(each));
        const turnOf = new Map<string, Gate>();
        return {
          cast: turns.flatMap(() =>
            Array.from({ length: each }, (_, index) => (index === 0 ? 'registered' : pick(stories, random))),
          ),
          atATime: turns.length * each,
          delivery: { copies: 2, delay: 500 },
          longestLife: short ? 400_000 : 1_500_000,
          before: (life, step) =>
            step === 'add' ? (turnOf.get(life.number)?.pass() ?? Promise.resolve()) : Promise.resolve(),
          // Goes on until every turn was had, though the lives may be over before.
          async havoc(_, lives) {
            lives.forEach((life, index) => turnOf.set(life.number, gates[Math.floor(index / each)]!));
            for (const [index, { step, victim }] of turns.entries()) {
              const held = await records.hold(step, signal);
              gates[index]!.open();
              const there = new AbortController();
              const keeping = keepMeanwhile(stack, AbortSignal.any([there.signal, signal]), true);
              await held.reached;
              there.abort();
              report(`${String(index + 1)} of ${String(turns.length)}: kill -9 ${victim.name} ${step}`);
              await victim.kill();
              await held.release();
              await victim.start();
              await keeping;
            }
          },
        };
      });
    } finally {
      await records.close();
    }
  },
});

export const killInRecordsOnPostgres = killInRecords(
  'kill -9 of worker, Temporal and PostgreSQL at every step of the records, on PostgreSQL',
  postgresRecords,
  () => (findPostgres() ? undefined : `there is no PostgreSQL: ${postgresRemedy}`),
);

export const killInRecordsOnSqlite = killInRecords(
  'kill -9 of worker and Temporal at every step of the records, on SQLite',
  sqliteRecords,
);
