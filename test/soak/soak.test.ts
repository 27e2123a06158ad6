import { Actors } from './actors';
import { Agenda } from './agenda';
import { collect } from './evidence';
import { judge, type Evidence } from './judge';
import { DAY, makePlan, type Plan } from './plan';
import { SoakStack } from './soak-stack';
import { lifeOf, summary } from './summary';
import { Outages } from './outages';

/** `npm run test:soak` plays two hundred numbers for two years; `npm test` a smaller pool for half a year. */
const full = process.env['SOAK'] === 'full';
const setting = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const seed = setting('SOAK_SEED', Math.floor(Math.random() * 2 ** 31));
const numbers = setting('SOAK_NUMBERS', full ? 200 : 25);
const days = setting('SOAK_DAYS', full ? 730 : 182);
/** At the end nothing goes wrong any more: what is under way comes to its end. */
const CALM = 8 * DAY;

const say = (line: string) => process.stderr.write(`${line}\n`);

test(
  `${String(numbers)} numbers live ${String(days)} days by the rules, whatever goes wrong`,
  async () => {
    say(`soak: ${String(numbers)} numbers, ${String(days)} days; again with SOAK_SEED=${String(seed)}`);
    const plan = makePlan(seed, numbers, days * DAY);
    const stack = await SoakStack.start(plan);
    try {
      const { evidence, actors } = await play(plan, stack);
      say(summary(evidence, await stack.sim.calls(), stack.phones, actors));
      const now = await stack.base.now();
      const wrong = evidence.map((one) => ({ one, sentences: judge(one, plan, stack.beginning, now) }));
      for (const { one } of wrong.filter(({ sentences }) => sentences.length > 0)) say(lifeOf(one));
      expect(wrong.flatMap(({ sentences }) => sentences)).toEqual([]);
    } finally {
      await stack.close();
    }
  },
  // For what hangs: a small pool takes a minute on a quick machine.
  full ? 7_200_000 : 1_800_000,
);

async function play(plan: Plan, stack: SoakStack): Promise<{ evidence: Evidence[]; actors: Actors }> {
  const agenda = new Agenda();
  const outages = new Outages(plan, stack.sim, stack.phones, agenda);
  const actors = new Actors(plan, stack, agenda);
  agenda.add(plan.span, () => outages.end());
  await stack.reconcileAt('3');
  const begun = Date.now();
  let shown = 0;
  await agenda.run(stack.base, plan.span + CALM, (passed) => {
    if (passed - shown < plan.span / 10) return;
    shown = passed;
    say(
      `soak: day ${String(Math.round(passed / DAY))}, ${String(Math.round((Date.now() - begun) / 1000))} s`,
    );
  });
  return { evidence: await collect(plan, stack, actors), actors };
}
