import { reconcile } from '../../../client/reconcile/reconcile';
import type { PortfolioId } from '../../../contract/ids';
import { portfolioId } from '../processes/stack';
import { Gate } from './gate';
import { playOn } from './play';
import type { Scenario } from './scenario';

const calls = ['preverified_numbers', 'client_whatsapp_business_accounts', 'phone_numbers'];
const moments = ['call', 'answer'] as const;

/** Kills the worker in every call of a reconciliation, which must find the claims that nobody reported all the same. */
export const killInReconciliation: Scenario = {
  title: 'kill -9 of the worker in every call of a reconciliation',
  async run(options) {
    const { report } = options;
    return playOn({ policyDay: 4_000 }, options, (stack) => {
      const { sim, worker, connected } = stack;
      const numbers = 5;
      const gate = new Gate(numbers);
      return {
        cast: Array.from({ length: numbers }, () => 'claim that nobody reports' as const),
        atATime: numbers,
        delivery: { copies: 1, delay: 0 },
        longestLife: 240_000,
        before: (_life, step) => (step === 'reconcile' ? gate.pass() : Promise.resolve()),
        async havoc() {
          await gate.full;
          gate.open();
          const points = calls.flatMap((call) =>
            moments.map((hold) => ({ call, hold, barrier: `${call}-${hold}` })),
          );
          for (const point of points) await sim.fault(point);
          const reconciled = reconcile(connected.client, { portfolioId: portfolioId as PortfolioId });
          for (const { barrier } of points) {
            await sim.arrived(barrier);
            report(`kill -9 worker at ${barrier}`);
            await worker.kill();
            await sim.release(barrier);
            await worker.start();
          }
          const { counts } = await reconciled;
          report(`the reconciliation found ${counts.differences} differences`);
        },
      };
    });
  },
};
