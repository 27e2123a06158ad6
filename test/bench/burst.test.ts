import { benchTimeout, shortRun } from './bench';

interface Renewals {
  name: string;
  numbers: number;
  renewed: number;
  lapsed: number;
  activities: { tenSeconds: number };
}

interface Figures {
  size: { callsPerSecond: number };
  renewals: Renewals[];
}

test(
  'the burst bench: all renewals that are due together are made, and no more activities begin than the budget has',
  async () => {
    const { size, renewals } = await shortRun<Figures>('burst');
    expect(renewals.map(({ name }) => name)).toEqual(['in order', 'in turns']);
    for (const { numbers, renewed, lapsed, activities } of renewals) {
      expect({ renewed, lapsed }).toEqual({ renewed: numbers, lapsed: 0 });
      // The server lets what is left of one second go in the next.
      expect(activities.tenSeconds).toBeLessThanOrEqual(size.callsPerSecond * 1.2);
    }
  },
  benchTimeout,
);
