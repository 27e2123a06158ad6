import type { Bench, BenchOptions, Finding } from '../core/bench';
import { inFlight } from '../core/in-flight';
import { paced } from '../core/paced';
import { devServer } from '../stack/server';
import { BenchStack, poolOf } from '../stack/stack';
import { addResidents } from '../stack/residents';
import { measure, twilio, waitingNumbers, type Sample } from './numbers';
import { report, type Condition } from './report';

const namespace = 'latency';
/** Under way at a time: what half of the rate is taken of, and the most at any rate. */
const most = 30;

/** From an SMS at the gateway to Meta, and from an update to its answer. */
export const latency: Bench = {
  description: 'from a code at the gateway to verify_code at Meta, and from an update to its answer',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short ? { samples: 10, residents: 20 } : { samples: 600, residents: 10_000 };
    const stack = await BenchStack.start({ server: await devServer([namespace]) });
    const bar = progress(16, 'latency');
    try {
      const { client } = await stack.namespace(namespace);
      await stack.worker(namespace);
      const gateway = await stack.gateway(namespace, {
        GATEWAY_URL: twilio.gatewayUrl,
        TWILIO_AUTH_TOKEN: twilio.authToken,
      });
      const pool = poolOf(client);
      const { customers } = stack;
      const ask = { pool, customers, gatewayUrl: gateway.ready.url };
      const conditions: Condition[] = [];

      /** One condition, with numbers of its own. */
      const under = async (
        name: string,
        run: (
          waiting: Awaited<ReturnType<typeof waitingNumbers>>,
          one: (waiting: { number: string; text: string }, due: number) => Promise<void>,
        ) => Promise<unknown>,
      ) => {
        const waiting = await waitingNumbers(pool, customers, nextNumbers(size.samples));
        const samples: Sample[] = [];
        const begun = performance.now();
        await run(waiting, async (each, due) => {
          samples.push(await measure(each, due, ask));
        });
        const perSecond = (samples.length / (performance.now() - begun)) * 1000;
        conditions.push({ name, perSecond, samples });
        bar.step(name);
        return perSecond;
      };
      const oneByOne = (name: string) =>
        under(name, (waiting, one) => inFlight(waiting, 1, (each) => one(each, Date.now())));

      await under('to warm up', (waiting, one) => inFlight(waiting, most, (each) => one(each, Date.now())));
      conditions.length = 0;
      await oneByOne('at rest');
      await under('at 20 a second', (waiting, one) => paced(waiting, 20, most, one));
      const full = await under(`as many as it does, ${most} at a time`, (waiting, one) =>
        inFlight(waiting, most, (each) => one(each, Date.now())),
      );
      await under('at half of that', (waiting, one) => paced(waiting, full / 2, most, one));
      await addResidents(client, nextNumbers(size.residents), size.residents, (what) => bar.step(what));
      await oneByOne(`at rest, with ${size.residents} numbers more asleep`);
      return report(size, conditions);
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};

let numbers = 0;
const nextNumbers = (count: number) =>
  Array.from({ length: count }, () => `1555${String(++numbers).padStart(7, '0')}`);
