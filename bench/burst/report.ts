import type { Finding } from '../core/bench';
import { quantile } from '../core/statistics';
import { figure } from '../core/figures';
import type { Renewals } from './renew';
import type { Size } from './seed';

export function report(size: Size, renewals: Renewals[]): Finding {
  const { day, portfolios, callsPerSecond } = size;
  const due = (size.due.until - size.due.from) * day;
  const found = renewals.map(({ waits, ...counts }) => ({
    ...counts,
    waits: Object.fromEntries(
      [...waits].map(([portfolio, of]) => [
        portfolio,
        { numbers: portfolios[portfolio], p50: quantile(of, 0.5), p99: quantile(of, 0.99) },
      ]),
    ),
  }));
  const total = Object.values(portfolios).reduce((sum, count) => sum + count, 0);
  const asked = (2 * total) / (due / 1000);
  const row = (name: string, value: (of: (typeof found)[number]) => string) => [name, ...found.map(value)];
  return {
    tables: [
      {
        title: `${total} renewals due within ${figure(due / 1000)} s ask for ${figure(asked)} activities a second, the budget is ${callsPerSecond}; one lapses ${figure((45 * day) / 1000)} s after it could first renew`,
        head: ['', ...found.map(({ name }) => name)],
        rows: [
          row('renewed', ({ renewed }) => String(renewed)),
          row('lapsed', ({ lapsed }) => String(lapsed)),
          row('done after, s', ({ took }) => figure(took / 1000)),
          row('activities: in the busiest second', ({ activities }) => figure(activities.second)),
          row('activities: a second, of the busiest ten', ({ activities }) => figure(activities.tenSeconds)),
          row('activities ahead of the budget, at most', ({ aheadOfBudget }) => figure(aheadOfBudget)),
          row('all calls to Meta: a second, of the busiest ten', ({ calls }) => figure(calls.tenSeconds)),
          ...Object.entries(portfolios).map(([portfolio, count]) =>
            row(`portfolio of ${count}: a call waits, ms (median · p99)`, ({ waits }) => {
              const { p50 = NaN, p99 = NaN } = waits[portfolio] ?? {};
              return `${figure(p50)} · ${figure(p99)}`;
            }),
          ),
        ],
      },
    ],
    figures: { size, renewals: found },
  };
}
