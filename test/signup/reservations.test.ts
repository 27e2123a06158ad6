import { setTimeout } from 'node:timers/promises';
import type { ListedNumber, NumberPool } from '../../client';
import { FreeNumbers } from '../../client/pool/reserve-candidates';
import { Reservations, type ReservablePool } from '../../client/pool/reserve-one';
import { Laptop } from '../client/laptop';
import { verifiedNumbers } from './verified-numbers';

// A thousand at once take their time on a busy machine, and who gets what must hold at any speed.
jest.setTimeout(300_000);
const answerWithin = 240_000;

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

describe('of a thousand customers at once on a hundred numbers', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => `1555060${String(index).padStart(4, '0')}`);
  const customers = Array.from({ length: 1000 }, (_, index) => `customer-${String(index)}`);
  let given: Map<string, string>;
  let refused: unknown[];

  beforeAll(async () => {
    await verifiedNumbers(pool, laptop.sim, numbers);
    // Each pool keeps its own notes, as in a process of its own.
    const services = Array.from({ length: 4 }, () => laptop.pool({ answerWithin }));
    const outcomes = await Promise.allSettled(
      customers.map((customerId, index) => services[index % services.length]!.reserveOne({ customerId })),
    );
    given = new Map(
      outcomes.flatMap((outcome, index) =>
        outcome.status === 'fulfilled' ? [[customers[index]!, outcome.value.phoneNumber]] : [],
      ),
    );
    refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  });
  afterAll(async () => {
    for (const number of numbers) await pool.remove(number);
  });

  test('a hundred get one each, none twice', () => {
    expect([...given.values()].sort()).toEqual(numbers);
  });

  test('the others are refused because none is free', () => {
    expect(refused).toHaveLength(900);
    for (const error of refused) expect(error).toMatchObject({ name: 'RefusedError', type: 'NoneFree' });
  });

  test('each of them gets the same number when they ask again, of whichever process', async () => {
    const [[customerId, number] = ['', '']] = given;
    expect((await pool.reserveOne({ customerId })).phoneNumber).toBe(number);
    const { phoneNumber, reservation } = await laptop.pool().reserveOne({ customerId });
    expect({ phoneNumber, held: reservation?.customerId }).toEqual({ phoneNumber: number, held: customerId });
  });

  test('one that is given back is had at once by the next who asks, though search does not know it yet', async () => {
    const [[holder, number] = ['', '']] = given;
    await laptop.pool().release(number, { customerId: holder });
    expect((await pool.reserveOne({ customerId: 'the next one' })).phoneNumber).toBe(number);
  });
});

describe('of several free numbers', () => {
  test('that with most time left is given, and one of the country that is asked for', async () => {
    const [oldest, german, newest] = ['15550500001', '493090182001', '15550500002'];
    await verifiedNumbers(pool, laptop.sim, [oldest, german]);
    await laptop.sim.advanceClock('10 days');
    await verifiedNumbers(pool, laptop.sim, [newest]);
    // What has just been verified is not in Temporal's search yet.
    while ((await found(pool, [oldest, german, newest])) < 3);

    expect((await pool.reserveOne({ customerId: 'any' })).phoneNumber).toBe(newest);
    expect((await pool.reserveOne({ customerId: 'german', country: 'DE' })).phoneNumber).toBe(german);
    await expect(pool.reserveOne({ customerId: 'brazilian', country: 'BR' })).rejects.toMatchObject({
      type: 'NoneFree',
      message: expect.stringContaining('in BR'),
    });
    for (const number of [oldest, german, newest]) await pool.remove(number);
  });

  test('one that Meta does not hold any more is given to nobody, and the next one is', async () => {
    const [gone, there] = ['15550500011', '15550500012'];
    await verifiedNumbers(pool, laptop.sim, [there]);
    await laptop.sim.advanceClock('1 day');
    await verifiedNumbers(pool, laptop.sim, [gone]);
    await laptop.sim.claim((await pool.get(gone)).preverifiedId!, '102290129340398');
    while ((await found(pool, [gone, there])) < 2);

    expect((await pool.reserveOne({ customerId: 'c' })).phoneNumber).toBe(there);
    expect(await pool.get(gone)).toMatchObject({ reservation: null, problem: { code: 'NotInPool' } });
    await pool.remove(there);
  });

  test('one that is named is found behind more free ones than are looked at, in whichever written form', async () => {
    const [older, newer] = ['5511987650001', '15550500052'];
    await verifiedNumbers(pool, laptop.sim, [older]);
    await verifiedNumbers(pool, laptop.sim, [newer]);
    while ((await found(pool, [older, newer])) < 2);
    const free = new FreeNumbers(pool, 0, 1);
    const tryAmong = (...among: string[]) =>
      free.tryNext({ customerId: 'c', among }, false, (digits) => Promise.resolve(digits));
    expect(await tryAmong(older)).toBe(older);
    expect(await tryAmong('551187650001', '+1 555 050 9999')).toBe(older);
    expect(await tryAmong('15550509999')).toBe('none');
    expect(await tryAmong()).toBe('none');
    for (const number of [older, newer]) await pool.remove(number);
  });

  test('one that has lapsed at Meta is given to nobody', async () => {
    const [lapsed] = ['15550500021'];
    await verifiedNumbers(pool, laptop.sim, [lapsed]);
    await laptop.sim.advanceClock('91 days');
    await expect(pool.reserveOne({ customerId: 'c', among: [lapsed] })).rejects.toMatchObject({
      type: 'NoneFree',
    });
    expect(await pool.get(lapsed)).toMatchObject({ state: 'Unverified', reservation: null });
    await pool.remove(lapsed);
  });
});

describe('a customer', () => {
  const numbers = ['15550500031', '15550500032', '15550500033', '15550500034'];
  beforeAll(() => verifiedNumbers(pool, laptop.sim, numbers));

  test('who asks several times at once gets one number', async () => {
    const asked = Array.from({ length: 5 }, () => pool.reserveOne({ customerId: 'impatient' }));
    expect(new Set((await Promise.all(asked)).map(({ phoneNumber }) => phoneNumber)).size).toBe(1);
  });

  test('is offered the number that is reserved for them', async () => {
    const options = { version: 'v2', configId: '99', customerId: 'offered' } as const;
    const { offered, config } = await pool.signupConfig(options);
    const [{ phoneNumber, preverifiedId } = { phoneNumber: '', preverifiedId: '' }] = offered;
    expect(config).toMatchObject({ extras: { setup: { preVerifiedPhone: { ids: [preverifiedId] } } } });
    expect((await pool.get(phoneNumber)).reservation).toMatchObject({ customerId: 'offered' });
  });

  test('holds it as long as was said', async () => {
    const { reservation } = await pool.reserveOne({ customerId: 'brief', ttl: '5 minutes' });
    expect(Date.parse(reservation!.until) - Date.now()).toBeLessThanOrEqual(5 * 60_000);
  });

  test('is the same one with blanks around the name', async () => {
    const { phoneNumber, reservation } = await pool.reserveOne({ customerId: ' spacious ' });
    expect(reservation).toMatchObject({ customerId: 'spacious' });
    const options = { version: 'v4', configId: '99' } as const;
    const { offered } = await laptop.pool().signupConfig({ ...options, customerId: 'spacious ' });
    expect(offered).toMatchObject([{ phoneNumber }]);
    await pool.release(phoneNumber, { customerId: 'spacious' });
  }, 60_000);

  test('keeps the one that they hold where Meta cannot be asked about it', async () => {
    const { phoneNumber, reservation } = await pool.reserveOne({ customerId: 'loyal' });
    await laptop.sim.fault({ call: 'get_preverified_number', times: null, error: { code: 10 } });
    for (const service of [pool, laptop.pool()])
      await expect(service.reserveOne({ customerId: 'loyal' })).rejects.toMatchObject({
        type: 'MetaRefused',
      });
    expect((await pool.get(phoneNumber)).reservation).toMatchObject({ id: reservation!.id });
    await laptop.sim.clearFaults();
    expect((await pool.reserveOne({ customerId: 'loyal' })).phoneNumber).toBe(phoneNumber);
  });

  test.each([
    ['no name', { customerId: ' ' }, /customerId/],
    ['a ttl that is none', { customerId: 'c', ttl: 'soon' }, /duration/],
    ['a country that is none', { customerId: 'c', country: 'Germany' }, /country/],
  ])('%s is refused', async (_, request, message) => {
    await expect(pool.reserveOne(request)).rejects.toMatchObject({
      type: 'InvalidMessage',
      message: expect.stringMatching(message),
    });
  });
});

test('where search is behind, and every number that it names is taken, the customer hears so in time', async () => {
  const numbers = ['15550500041', '15550500042', '15550500043', '15550500044'];
  await verifiedNumbers(pool, laptop.sim, numbers);
  while ((await found(pool, numbers)) < numbers.length);
  const listed: ListedNumber[] = [];
  for await (const number of pool.list({ numbers, customerId: null })) listed.push(number);
  for (const { phoneNumber } of listed) await pool.reserve(phoneNumber, { customerId: 'others' });
  const busy: ReservablePool = {
    async *list({ customerId: customer }) {
      if (customer === null) yield* listed;
    },
    // So slow that the first can be tried again once the last was.
    reserve: (number, payload) => setTimeout(1_500).then(() => pool.reserve(number, payload)),
    refresh: (number) => pool.refresh(number),
    release: (number, payload) => pool.release(number, payload),
    signal: pool.signal,
  };
  await expect(new Reservations(busy, 2_000).reserveOne({ customerId: 'late' })).rejects.toMatchObject({
    type: 'NoneFree',
  });
}, 60_000);

/** How many of them search knows to be free. */
async function found(pool: NumberPool, numbers: readonly string[]): Promise<number> {
  let count = 0;
  for await (const { phoneNumber } of pool.list({ state: 'Verified', customerId: null }))
    if (numbers.includes(phoneNumber)) count += 1;
  return count;
}
