import { auditNumber } from '../../audit';
import { RefusedError } from '../../client';
import { workflowIdOf } from '../../contract/workflow-ids';
import { Laptop } from './laptop';

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(() => laptop.close());

const quiet = { automation: { requestCode: false } };

describe.each([
  ['Argentina without the 9', '+54 351 501-2341', '+54 9 351 501-2341', '543515012341'],
  ['Argentina with it', '+54 9 11 5012-3441', '+54 11 5012-3441', '5491150123441'],
  ['Brazil without the ninth digit', '+55 85 9123-4541', '+55 85 99123-4541', '558591234541'],
  ['Brazil with it', '+55 11 98765-4341', '+55 11 8765-4341', '5511987654341'],
  ['Mexico with the 1', '+52 1 55 5012 3441', '+52 55 5012 3441', '525550123441'],
])('a number of %s', (_country, added, asked, phoneNumber) => {
  const by = 'test';

  test('is found in its other written form by whoever asks, sends or waits', async () => {
    const pool = laptop.pool();
    expect(await pool.add(added)).toMatchObject({ outcome: 'added', phoneNumber });
    await pool.submitCode(asked, { code: await laptop.sim.nextMessage(phoneNumber) });
    expect(await pool.waitFor(asked, 'Verified')).toMatchObject({ phoneNumber });
    expect(await pool.get(asked)).toMatchObject({ phoneNumber, state: 'Verified' });
    await pool.signal.reserve(asked, { customerId: 'c1', by });
    expect(await pool.waitUntil(asked, ({ reservation }) => reservation !== null)).toMatchObject({
      phoneNumber,
    });
    const { offered } = await pool.signupConfig([asked], { version: 'v2', configId: '99', customerId: 'c1' });
    expect(offered).toMatchObject([{ phoneNumber }]);
    expect((await auditNumber(laptop.connected.client, asked)).runs).toHaveLength(1);
  });

  test('is not added twice', async () => {
    const pool = laptop.pool();
    expect(await pool.add(asked)).toMatchObject({ outcome: 'exists', phoneNumber, state: 'Verified' });
    await expect(laptop.pool({ portfolioId: '777' }).add(asked)).rejects.toMatchObject({
      type: 'WrongPortfolio',
    });
  });

  test('begins a new life in whichever form it is added once it was Removed', async () => {
    const pool = laptop.pool();
    await pool.remove(asked);
    await pool.waitFor(asked, 'Removed');
    const again = await pool.add(asked, quiet);
    expect(again).toMatchObject({ outcome: 'added' });
    expect(await pool.waitUntil(added, ({ phase }) => phase === 'waiting')).toMatchObject({
      phoneNumber: again.phoneNumber,
      state: 'Added',
    });
  });
});

test('added in both forms at once it has one life, and all are told of it', async () => {
  const pool = laptop.pool();
  const forms = ['+55 21 98765-4342', '+55 21 8765-4342'];
  const outcomes = await pool.addMany(
    Array.from({ length: 12 }, (_, index) => ({ number: forms[index % 2]!, ...quiet })),
    { concurrency: 12 },
  );
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  const { phoneNumber } = await pool.get(forms[0]!);
  expect(await pool.get(forms[1]!)).toMatchObject({ phoneNumber });
  const running = [];
  for (const digits of ['5521987654342', '552187654342']) {
    const run = laptop.connected.client.workflow.getHandle(workflowIdOf(digits));
    running.push((await run.describe().catch(() => null))?.status.name);
  }
  expect(running.filter((status) => status === 'RUNNING')).toHaveLength(1);
});

test('a landline of Brazil with a ninth digit is another number', async () => {
  const pool = laptop.pool();
  await pool.add('+55 11 3123-4541', quiet);
  await expect(pool.get('+55 11 93123-4541')).rejects.toMatchObject({ type: 'UnknownNumber' });
});

describe('the digits that the pool gives are taken back, though people may mean another number by them', () => {
  test('where the number is in the pool', async () => {
    const pool = laptop.pool();
    const { phoneNumber } = await pool.add('+65 9234 5641', quiet);
    await pool.waitUntil(phoneNumber, ({ phase }) => phase === 'waiting');
    expect(await pool.get('6592345641')).toMatchObject({ phoneNumber });
    expect(await pool.reserve(phoneNumber, { customerId: 'c1' })).toMatchObject({ phoneNumber });
  });

  test('and refused where it is not', async () => {
    const asked = laptop.pool().get('9175550134');
    await expect(asked).rejects.toThrow(RefusedError);
    await expect(asked).rejects.toThrow(/9175550134 is not a phone number: its country code is missing/);
  });
});
