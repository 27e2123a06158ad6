import type { Finding } from '../core/bench';
import { quantile } from '../core/statistics';
import { figure } from '../core/figures';
import type { Sample } from './numbers';

export interface Condition {
  name: string;
  /** What was done a second. */
  perSecond: number;
  samples: Sample[];
}

const measures: Record<keyof Sample, string> = {
  verifyCode: 'SMS to verify_code at Meta',
  gateway: 'SMS to the gateway answering',
  update: 'update to its answer',
};
const keys = Object.keys(measures) as (keyof Sample)[];

/** Medians and 99th percentiles of each measure under each condition. */
export function report(size: { samples: number; residents: number }, conditions: Condition[]): Finding {
  const found = conditions.map(({ name, perSecond, samples }) => ({
    name,
    perSecond,
    count: samples.length,
    measures: Object.fromEntries(
      keys.map((key) => {
        const values = samples.map((sample) => sample[key]);
        return [key, { p50: quantile(values, 0.5), p99: quantile(values, 0.99) }];
      }),
    ) as Record<keyof Sample, { p50: number; p99: number }>,
  }));
  return {
    tables: [
      {
        title: `How long it takes, in ms: median · 99th percentile of ${size.samples}`,
        head: ['', 'a second', ...keys.map((key) => measures[key])],
        rows: found.map(({ name, perSecond, measures: of }) => [
          name,
          figure(perSecond),
          ...keys.map((key) => `${figure(of[key].p50)} · ${figure(of[key].p99)}`),
        ]),
      },
    ],
    figures: { size, conditions: found },
  };
}
