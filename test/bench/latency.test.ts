import { benchTimeout, shortRun } from './bench';

type Measure = { p50: number; p99: number };

interface Figures {
  size: { samples: number };
  conditions: {
    name: string;
    count: number;
    measures: { verifyCode: Measure; gateway: Measure; update: Measure };
  }[];
}

test(
  'the latency bench: every code reaches Meta under every load, not before the gateway had it',
  async () => {
    const { size, conditions } = await shortRun<Figures>('latency');
    expect(conditions).toHaveLength(5);
    for (const { count, measures } of conditions) {
      expect(count).toBe(size.samples);
      for (const { p50, p99 } of Object.values(measures)) {
        expect(p50).toBeGreaterThan(0);
        expect(p99).toBeGreaterThanOrEqual(p50);
      }
      // A code goes a longer way than an update; one that waited for a time-out would take thousands of times as long.
      expect(measures.verifyCode.p50).toBeLessThan(100 * measures.update.p50);
    }
  },
  benchTimeout,
);
