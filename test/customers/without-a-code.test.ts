import { CustomersStack } from '../support/customers-stack';
import { app } from './partner';

/** A signup of which the message came and no code, where five minutes pass in moments. */

const MINUTE = 60 * 1000;
const wabaId = '77041';

let customers: CustomersStack;
beforeAll(async () => {
  customers = await CustomersStack.open();
});
afterAll(() => customers.close());

test('a token is waited for five minutes, not less; then the customer is connected by the system token', async () => {
  const { stack } = customers;
  const customer = await customers.signUp(wabaId);
  await stack.pass(5 * MINUTE - MINUTE / 2);
  expect(await customer.get()).toMatchObject({ state: 'Signing', tokenHeld: false });
  expect(await callsForWaba()).toEqual([]);
  await stack.pass(MINUTE);
  const { steps, problem } = await customer.reaches('Connected');
  expect(problem).toBeNull();
  expect(steps).toMatchObject([
    { name: 'exchange', status: 'skipped' },
    { name: 'subscribe', status: 'done' },
    { name: 'assignSystemUser', status: 'done' },
    { name: 'creditLine', status: 'done' },
  ]);
  const atMeta = (await stack.sim.wabas()).find((waba) => waba.wabaId === wabaId);
  expect(atMeta).toMatchObject({ subscribedAppIds: [app.id], funded: true });

  async function callsForWaba() {
    return (await stack.sim.calls({})).filter(({ objectId }) => objectId === wabaId);
  }
});
