import { CallBudget } from '../../gateway/signup/call-budget';

const PER_SECOND = 50;

/** How many are let through within this turn of the event loop's work. */
async function atOnce(budget: CallBudget, leaves: number, many: number): Promise<number> {
  let through = 0;
  for (let i = 0; i < many; i++) void budget.take(leaves).then(() => through++);
  await new Promise(setImmediate);
  return through;
}

test('never more calls are made than the burst and what has come since, whatever the machine does', async () => {
  const budget = new CallBudget(PER_SECOND, 10);
  const began = performance.now();
  for (let made = 1; made <= 40; made++) {
    await budget.take(0);
    expect(made).toBeLessThanOrEqual(10 + ((performance.now() - began) / 1000) * PER_SECOND + 0.001);
  }
});

test('what follows a signup leaves half of the burst to codes', async () => {
  const budget = new CallBudget(0.001, 10);
  expect(await atOnce(budget, 0.5, 20)).toBe(5);
  expect(await atOnce(budget, 0, 5)).toBe(5);
  expect(await atOnce(budget, 0, 1)).toBe(0);
});

test('time in which the process was busy is not lost', async () => {
  const budget = new CallBudget(PER_SECOND, 10);
  expect(await atOnce(budget, 0, 10)).toBe(10);
  const until = performance.now() + 150;
  while (performance.now() < until);
  expect(await atOnce(budget, 0, 7)).toBe(7);
});
