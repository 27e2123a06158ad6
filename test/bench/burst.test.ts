import { benchTimeout, shortRun } from './bench';

interface Renewals {
  name: string;
  numbers: number;
  renewed: number;
  lapsed: number;
  aheadOfBudget: number;
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
    for (const { numbers, renewed, lapsed, aheadOfBudget } of renewals) {
      expect({ renewed, lapsed }).toEqual({ renewed: numbers, lapsed: 0 });
      // The server begins with the budget of a second, and lets what is left of one go in the next.
      expect(aheadOfBudget).toBeLessThanOrEqual(2 * size.callsPerSecond);
    }
  },
  benchTimeout,
);
