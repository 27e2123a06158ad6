import pLimit from 'p-limit';
import { SimulatorClient } from '../../../simulator/client';
import type { ChaosStack } from '../processes/stack';
import { awaitPoints, fewAwaitPoints, waves, type AwaitPoint } from './await-points';
import { Gate } from './gate';
import { playOn } from './play';
import type { Scenario } from './scenario';
import type { Life } from '../lives/life';

/** Kills the worker while each number's call is at the place that its await point names. */
export const killAtAwaitPoints: Scenario = {
  title: 'kill -9 of the worker at every await point',
  async run(options) {
    const { short, report } = options;
    const points = short ? fewAwaitPoints : awaitPoints;
    return playOn({ policyDay: short ? 4_000 : 1_000 }, options, (stack) => {
      const gates = waves(points).map((wave) => ({ wave, gate: new Gate(wave.length) }));
      const pointOf = new Map<string, AwaitPoint>();
      return {
        cast: points.map(({ story }) => story),
        atATime: points.length,
        delivery: { copies: 1, delay: 0 },
        longestLife: 400_000,
        async before(life, step) {
          const point = pointOf.get(life.number);
          if (point?.step !== step) return;
          const gate = gates.find(({ wave }) => wave.includes(point))!.gate;
          await gate.pass();
          await arm(stack.sim, life, point);
        },
        async havoc(over, lives) {
          lives.forEach(({ number }, index) => pointOf.set(number, points[index]!));
          const numbers = new Map(points.map((point, index) => [point, lives[index]!.number]));
          // No wave is on its way to its points while another's worker is killed.
          const oneByOne = pLimit(1);
          await Promise.all(
            gates.map(async ({ wave, gate }) => {
              const here = wave.map((point) => [point, numbers.get(point)!] as const);
              await unlessOver(over, gate.full);
              await oneByOne(async () => {
                gate.open();
                await unlessOver(over, kill(stack, here, report));
              });
            }),
          );
        },
      };
    });
  },
};

/** Lives that are over come to no await point any more. */
async function unlessOver(over: AbortSignal, arrival: Promise<void>): Promise<void> {
  const ended = new Promise<never>((_resolve, reject) => {
    over.addEventListener('abort', () => {
      reject(new Error('not every life came to its await point'));
    });
  });
  await Promise.race([arrival, ended]);
}

/** Sets the faults that hold the number's call at its point. */
async function arm(
  sim: SimulatorClient,
  life: Pick<Life, 'number' | 'wabas'>,
  { call, moment, reads }: AwaitPoint,
): Promise<void> {
  const { number } = life;
  const hold = moment === 'after' ? 'answer' : 'call';
  for (const which of aboutLife(call, life))
    await sim.fault({ ...which, call, barrier: atPoint(number), hold, dropped: moment === 'never' });
  if (!reads) return;
  for (const which of aboutLife(reads, life))
    await sim.fault({ ...which, call: reads, barrier: atReading(number), hold: 'answer' });
}

/** The list of a WABA names no number, but each life has WABAs of its own; it comes to one of them. */
const aboutLife = (call: string, { number, wabas }: Pick<Life, 'number' | 'wabas'>) =>
  call === 'phone_numbers' ? wabas.map((objectId) => ({ objectId })) : [{ number }];

async function kill(
  { sim, worker }: ChaosStack,
  wave: readonly (readonly [AwaitPoint, string])[],
  report: (line: string) => void,
): Promise<void> {
  await Promise.all(wave.map(([, number]) => sim.arrived(atPoint(number))));
  report(`kill -9 worker at ${wave.length} await points`);
  await worker.kill();
  const late = wave.filter(([{ moment }]) => moment === 'late');
  const rest = wave.filter(([{ moment }]) => moment !== 'late');
  await Promise.all(rest.map(([, number]) => sim.release(atPoint(number))));
  await worker.start();
  await Promise.all(
    late.map(async ([, number]) => {
      await sim.arrived(atReading(number));
      await sim.release(atPoint(number));
      await sim.release(atReading(number));
    }),
  );
}

const atPoint = (number: string) => `point-${number}`;
const atReading = (number: string) => `reading-${number}`;
