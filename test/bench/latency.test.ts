import { shortRun } from './bench';

type Measure = { p50: number; p99: number };

interface Figures {
  size: { samples: number };
  conditions: {
    name: string;
    count: number;
    measures: { verifyCode: Measure; gateway: Measure; update: Measure };
  }[];
}

test('the latency bench: every code reaches Meta under every load, not before the gateway had it', async () => {
  const { size, conditions } = await shortRun<Figures>('latency');
  expect(conditions).toHaveLength(5);
  for (const { count, measures } of conditions) {
    expect(count).toBe(size.samples);
    for (const { p50, p99 } of Object.values(measures)) {
      expect(p50).toBeGreaterThan(0);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
    // What even a machine that runs other tests can do: no code waits for a time-out.
    expect(measures.verifyCode.p50).toBeLessThan(10_000);
  }
}, 180_000);
