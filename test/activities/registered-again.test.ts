import { createCustomerActivities } from '../../activities/customers';
import { createGraphClient } from '../../activities/graph';
import { SimulatorClient } from '../../simulator/client';
import { attempt, failureOf, phoneNumber, SimulatedMeta, TOKEN, wabaId } from './simulated-meta';

const HOUR = 60 * 60 * 1000;
const pin = '424242';
const never = () => Promise.reject(new Error('never called'));

test('registering again for a new name slows down, so that Meta never counts more than ten registrations in 72 hours', async () => {
  await using meta = await SimulatedMeta.start();
  const { registerAgain } = createCustomerActivities({
    ...{ app: null, creditLineId: null, systemUserId: null, currency: null },
    ...{ tokens: { state: never, check: never }, numbersOf: never, returned: never },
    graph: createGraphClient({ baseUrl: meta.url, version: 'v24.0', accessToken: TOKEN }),
    pinOf: () => Promise.resolve(pin),
  });
  const phoneNumberId = await meta.claim(await meta.inPool(true));
  await attempt(meta.activities().registerNumber, { phoneNumberId, pin, dataLocalizationRegion: null });
  const digits = phoneNumber.slice(1);
  await new SimulatorClient(meta.url).reviewName(digits, 'APPROVED', 'Lucky Shrub Gardens');

  const again = (number: number) =>
    attempt(registerAgain, { wabaId, phoneNumber: digits, phoneNumberId }, number);
  await meta.fault({ call: 'register', error: { code: 131000 }, times: 20 });
  const tried = [0];
  for (let number = 1; number <= 20; number++) {
    const { nextRetryDelay } = await failureOf(again(number));
    tried.push(tried.at(-1)! + Number(nextRetryDelay));
  }
  expect(tried[1]).toBe(10_000);
  for (const at of tried)
    expect(tried.filter((other) => other > at - 72 * HOUR && other <= at).length).toBeLessThanOrEqual(10);
  expect(await meta.calls('register')).toBe(21);
  await expect(again(21)).resolves.toEqual({ webhooks: false, skipped: null });
});
