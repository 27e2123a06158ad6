import type { Spread } from '../../bench/core/statistics';
import type { Footprint } from '../../bench/lifecycle/footprint';
import type { Sample } from '../../bench/lifecycle/round';
import { benchTimeout, shortRun } from './bench';

interface Figures {
  samples: Record<string, { perSecond: number }[]>;
  footprints: { preverified: Footprint; 'hand-written': Footprint };
  ratios: Record<string, Record<keyof Sample, Spread>>;
}

test(
  'the lifecycle bench: every life ends registered, and ours costs Temporal no more than the budget',
  async () => {
    const { samples, footprints, ratios } = await shortRun<Figures>('lifecycle');
    for (const of of Object.values(samples)) {
      expect(of.length).toBeGreaterThan(1);
      for (const { perSecond } of of) expect(perSecond).toBeGreaterThan(0);
    }
    expect(footprints.preverified.stateTransitions).toBeLessThanOrEqual(26);
    expect(footprints.preverified.activities).toBe(5);
    // One more than activities: verifying reads the times that Meta states.
    expect(footprints.preverified.graphCalls).toBe(6);
    expect(footprints['hand-written'].graphCalls).toBe(6);
    expect(Object.keys(ratios)).toEqual(['preverified', 'by signals', 'hand-written, listed']);
    for (const { workerCpu, serverCpu } of Object.values(ratios)) {
      // CPU: lives a second depend on what else the machine does meanwhile.
      expect(workerCpu.median).toBeLessThan(3);
      expect(serverCpu.median).toBeLessThan(3);
    }
  },
  benchTimeout,
);
