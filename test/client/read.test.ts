import { TimedOutError, type ListedNumber, type NumberFilter, type NumberPool } from '../../client';
import { Laptop, portfolioId, waba } from './laptop';

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

const quiet = { automation: { requestCode: false, reverify: false, register: false } };
const odd = `O'Neill & "Sons" \\ 100%`;

/** A pool of five: Added, Verified and reserved, Claimed, Removed and added again, with a problem. */
beforeAll(async () => {
  const numbers = ['15550300001', '15550300002', '493012345678', '15550300004', '15550300005'];
  for (const number of numbers) {
    await pool.add(number, quiet);
    await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  }
  for (const number of ['15550300002', '493012345678']) {
    await pool.requestCode(number);
    await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  }
  await pool.reserve('15550300002', { customerId: odd });
  const { preverifiedId } = await pool.get('493012345678');
  await laptop.sim.claim(preverifiedId!, waba);
  await pool.claim('493012345678', { wabaId: waba, customerId: 'c1', source: 'test' });
  await pool.remove('15550300004');
  await pool.waitFor('15550300004', 'Removed');
  await pool.add('15550300004', quiet);
  await laptop.sim.fault({ call: 'request_code', number: '15550300005', error: { code: 100 } });
  await pool.requestCode('15550300005').catch(() => undefined);
  await laptop.pool({ portfolioId: '777' }).add('15550300006', quiet);
  await found({ problem: true }, ['15550300005']);
  await found({ wabaId: waba }, ['493012345678']);
});

async function list(filter: NumberFilter): Promise<ListedNumber[]> {
  const numbers: ListedNumber[] = [];
  for await (const number of pool.list(filter)) numbers.push(number);
  return numbers;
}

/** Temporal's search is a moment behind: asked again until it has caught up, within the test's time. */
async function found(filter: NumberFilter, numbers: string[]): Promise<void> {
  let last: string[] = [];
  const deadline = Date.now() + 10_000;
  do {
    last = (await list(filter)).map(({ phoneNumber }) => phoneNumber).sort();
  } while (JSON.stringify(last) !== JSON.stringify([...numbers].sort()) && Date.now() < deadline);
  expect(last).toEqual([...numbers].sort());
}

describe('list finds numbers by', () => {
  test('state, one or several', async () => {
    await found({ state: 'Verified' }, ['15550300002']);
    await found({ state: ['Verified', 'Claimed'] }, ['15550300002', '493012345678']);
  });
  test('expiry: verified ones whose verification ends within the time', async () => {
    await found({ expiringWithin: '91 days' }, ['15550300002']);
    await found({ expiringWithin: '89 days' }, []);
  });
  test('WABA', () => found({ wabaId: waba }, ['493012345678']));
  test('country', () => found({ country: 'DE' }, ['493012345678']));
  test('problem: any, none, or by its code', async () => {
    await found({ problem: true }, ['15550300005']);
    await found({ problem: '100' }, ['15550300005']);
    await found({ problem: false, state: 'Added' }, ['15550300001', '15550300004']);
  });
  test('customer, who claimed or reserved it, whatever letters the ID has', async () => {
    await found({ customerId: 'c1' }, ['493012345678']);
    await found({ customerId: odd }, ['15550300002']);
    await found({ customerId: odd.slice(0, -1) }, []);
    await found({ customerId: `c1' OR NumberState = 'Added` }, []);
  });
  test('portfolio, which is the own one unless another is named', async () => {
    await found({ portfolioId: '777' }, ['15550300006']);
    for (const filter of [{}, { portfolioId: undefined }])
      expect((await list(filter)).every((number) => number.portfolioId === portfolioId)).toBe(true);
  });
});

test('conditions of a filter add up', () => found({ state: 'Claimed', country: 'US' }, []));

test('a number that was Removed and added again is listed once, as it is now', async () => {
  await found({ state: 'Removed' }, []);
  await found({}, ['15550300001', '15550300002', '493012345678', '15550300004', '15550300005']);
});

test('a listed number tells what search knows of it, with no question to the number', async () => {
  await laptop.stopWorker();
  const [claimed] = await list({ state: 'Claimed' });
  await laptop.startWorker();
  const record = await pool.get('493012345678');
  expect(claimed).toMatchObject({
    phoneNumber: '493012345678',
    portfolioId,
    state: 'Claimed',
    country: 'DE',
    wabaId: waba,
    customerId: 'c1',
    verificationExpiresAt: record.verificationExpiresAt,
    nextDeadline: record.nextDeadline!.at,
    problem: null,
  });
});

test('without a worker an ended number still tells its record, and a living one that it does not answer', async () => {
  await pool.add('15550300007', quiet);
  await pool.waitUntil('15550300007', ({ phase }) => phase === 'waiting');
  await pool.remove('15550300007', { by: 'ops' });
  const removed = await pool.waitFor('15550300007', 'Removed');
  await laptop.stopWorker();
  try {
    expect(await pool.get('15550300007')).toEqual(removed);
    const hasty = laptop.pool({ answerWithin: 500 });
    const silent = {
      name: 'TimedOutError',
      message: expect.stringMatching(/has not answered .* Is a worker running/),
    };
    await expect(hasty.get('15550300001')).rejects.toMatchObject(silent);
    await expect(hasty.requestCode('15550300001')).rejects.toMatchObject(silent);
    await expect(hasty.get('15550300001')).rejects.toBeInstanceOf(TimedOutError);
  } finally {
    await laptop.startWorker();
  }
});
