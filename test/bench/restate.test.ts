import type { Footprint } from '../../bench/lifecycle/footprint';
import type { RestateFootprint } from '../../bench/restate/footprint';
import { binaryFor } from '../../bench/restate/server';
import { benchTimeout, shortRun } from './bench';

interface Figures {
  size: { rounds: number };
  samples: Record<'preverified' | 'restate', Record<string, number>[]>;
  footprints: { preverified: Footprint; restate: RestateFootprint };
}

test(
  'the restate bench: on either engine every life ends registered, with the same calls to Meta',
  async () => {
    const { size, samples, footprints } = await shortRun<Figures>('restate');
    for (const rounds of [samples.preverified, samples.restate]) {
      expect(rounds).toHaveLength(size.rounds);
      for (const { perSecond } of rounds) expect(perSecond).toBeGreaterThan(0);
    }
    expect(footprints.restate.graphCalls).toBe(footprints.preverified.graphCalls);
    // One for each message and answer at least: added, five calls and their answers, code, claim.
    expect(footprints.restate.invocations).toBeGreaterThan(12);
    expect(footprints.restate.stateBytes).toBeGreaterThan(0);
    // The day from which on it could have been verified anew, which its claim made void.
    expect(footprints.restate.timersLeft).toBeGreaterThan(0);
  },
  benchTimeout,
);

test('on a machine that npm has no Restate for, the bench says so and what to do', () => {
  expect(() => binaryFor('win32-x64')).toThrow(
    /npm has not installed @restatedev\/restate-server-win32-x64.*npm ci/s,
  );
});
