import type { Records } from '../../records';
import { pinOf } from '../../worker/customers/of-numbers';
import { businessId, partnerSettings, setUpPartner, successes } from '../customers/partner';
import { portfolioId, waba } from '../client/laptop';
import { until as eventually } from '../signup/until';
import { KeepingLaptop } from './kept';

/** What is known of a customer and their numbers once Temporal has forgotten the numbers' lives. */

const digits = '15550783881';
const customerId = 'lucky-shrub';
let keeping: KeepingLaptop;
let records: Records;

beforeAll(async () => {
  keeping = await KeepingLaptop.start('sqlite', partnerSettings);
  const { sim } = keeping.laptop;
  await setUpPartner(sim);
  await sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await keeping.live(digits, customerId);
  await keeping.pool.connectCustomer(waba, { businessId });
  await until('Connected');
  await keeping.keep(1);
  await keeping.forget(digits);
  records = await keeping.open();
});
afterAll(async () => {
  await records.close();
  await keeping.close();
});

const until = (wanted: string) =>
  keeping.pool.waitUntilCustomer(waba, ({ state }) => state === wanted, { timeout: 30_000 });

test("a customer's numbers outlive their histories in Temporal", async () => {
  const customer = await keeping.pool.refreshCustomer(waba, {});
  expect(customer).toMatchObject({ customerId, numbers: [digits], problem: null });
  expect(await keeping.pool.refreshCustomer(waba, { phoneNumber: digits })).toMatchObject({
    numbersAtMeta: [{ phoneNumber: digits, status: 'CONNECTED' }],
  });
});

test('a changed name registers such a number again, with the PIN that records hold', async () => {
  const { laptop, pool } = keeping;
  const registered = await successes(laptop.sim, 'register');
  await laptop.sim.reviewName(digits, 'APPROVED', 'Lucky Shrub Gardens');
  await pool.refreshCustomer(waba, {});
  // Its settled state of before may be seen first.
  await eventually(async () => (await successes(laptop.sim, 'register')) > registered);
  const settled = await pool.waitUntilCustomer(
    waba,
    ({ problem, phase }) => problem === null && phase === 'settled',
    { timeout: 30_000 },
  );
  expect(settled.numbers).toEqual([digits]);
  expect(await successes(laptop.sim, 'register')).toBe(registered + 1);
});

test('a customer who leaves and comes back has again what Meta shows on their WABA, until they leave again', async () => {
  const { laptop, pool } = keeping;
  const history = async () =>
    (await pool.history(digits)).map(({ wabaId, to, source, state }) => ({
      wabaId,
      open: to === null,
      source,
      state,
    }));
  const leave = async () => {
    await laptop.sim.leave(waba);
    await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_REMOVED', businessId });
    await until('Left');
  };
  const first = { wabaId: waba, source: 'signup', state: 'Registered' };
  const second = { ...first, source: 'return' };
  await leave();
  expect(await history()).toEqual([{ ...first, open: false }]);

  await laptop.sim.setWaba(waba, { sharedWith: [portfolioId] });
  await pool.connectCustomer(waba, { businessId });
  await until('Connected');
  // It is read once they are connected: this waits for it.
  expect(await pool.refreshCustomer(waba, {})).toMatchObject({ customerId, numbers: [digits] });
  expect(await history()).toEqual([
    { ...first, open: false },
    { ...second, open: true },
  ]);
  // Nobody else can be given it, as before.
  await pool.add(digits);
  expect((await pool.waitFor(digits, 'Rejected')).problem?.code).toBe('Held');

  await leave();
  expect(await history()).toEqual([
    { ...first, open: false },
    { ...second, open: false },
  ]);
  expect(await keeping.verify(records)).toMatchObject({ ok: true });
});

test('a number that they have deleted meanwhile does not come back with them', async () => {
  const { laptop, pool } = keeping;
  await laptop.sim.deletePhoneNumber(
    digits,
    (await pinOf({ client: laptop.connected.client, records }, digits))!,
  );
  await laptop.sim.setWaba(waba, { sharedWith: [portfolioId] });
  await pool.connectCustomer(waba, { businessId });
  await until('Connected');
  const holdings = await pool.history(digits);
  expect(holdings).toHaveLength(2);
  expect(holdings.filter(({ to }) => to === null)).toEqual([]);
});

test('a number that the same customer has claimed anew is theirs by that claim alone, though records do not have it yet', async () => {
  const { pool } = keeping;
  await keeping.live(digits);
  await pool.refreshCustomer(waba, {});
  const sources = (await pool.history(digits)).map(({ source, to }) => [source, to === null]);
  expect(sources).toEqual([
    ['signup', false],
    ['return', false],
    ['signup', true],
  ]);
});
