import type { Footprint } from '../../bench/lifecycle/footprint';
import { shortRun } from './bench';

interface Figures {
  samples: Record<string, { perSecond: number }[]>;
  footprints: { preverified: Footprint; 'hand-written': Footprint };
  ratios: Record<string, { perSecond: { median: number } }>;
}

test('the lifecycle bench: every life ends registered, and ours costs Temporal no more than the budget', async () => {
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
  // What a few lives tell on a machine that runs other tests.
  expect(Object.keys(ratios)).toEqual(['preverified', 'by signals']);
  for (const { perSecond } of Object.values(ratios)) expect(perSecond.median).toBeGreaterThan(0.3);
}, 180_000);
