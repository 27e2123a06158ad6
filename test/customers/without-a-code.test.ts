import { CustomersWorld } from '../support/customers-world';
import { app } from './partner';

/** A signup of which the message came and no code, where five minutes pass in moments. */

const MINUTE = 60 * 1000;
const wabaId = '77041';

let customers: CustomersWorld;
beforeAll(async () => {
  customers = await CustomersWorld.open();
});
afterAll(() => customers.close());

test('a token is waited for five minutes, not less; then the customer is connected by the system token', async () => {
  const { world } = customers;
  const customer = await customers.signUp(wabaId);
  await world.pass(5 * MINUTE - MINUTE / 2);
  expect(await customer.get()).toMatchObject({ state: 'Signing', tokenHeld: false });
  expect(await callsForWaba()).toEqual([]);
  await world.pass(MINUTE);
  const { steps, problem } = await customer.reaches('Connected');
  expect(problem).toBeNull();
  expect(steps).toMatchObject([
    { name: 'exchange', status: 'skipped' },
    { name: 'subscribe', status: 'done' },
    { name: 'assignSystemUser', status: 'done' },
    { name: 'creditLine', status: 'done' },
  ]);
  const atMeta = (await world.sim.wabas()).find((waba) => waba.wabaId === wabaId);
  expect(atMeta).toMatchObject({ subscribedAppIds: [app.id], funded: true });

  async function callsForWaba() {
    return (await world.sim.calls({})).filter(({ objectId }) => objectId === wabaId);
  }
});
