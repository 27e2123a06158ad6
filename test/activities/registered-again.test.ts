import { createCustomerActivities } from '../../activities/customers';
import { createGraphClient } from '../../activities/graph';
import { SimulatorClient } from '../../simulator/client';
import {
  attempt,
  failureOf,
  graphFailureOf,
  phoneNumber,
  SimulatedMeta,
  TOKEN,
  wabaId,
} from './simulated-meta';

const HOUR = 60 * 60 * 1000;
const pin = '424242';
const never = () => Promise.reject(new Error('never called'));

/** A registered number whose changed name Meta has approved. */
async function renamed(meta: SimulatedMeta, knownPin: string | null) {
  const { registerAgain } = createCustomerActivities({
    ...{ app: null, creditLineId: null, systemUserId: null, currency: null },
    ...{ tokens: { state: never, check: never }, numbersOf: never, returned: never },
    graph: createGraphClient({ baseUrl: meta.url, version: 'v24.0', accessToken: TOKEN }),
    pinOf: () => Promise.resolve(knownPin),
  });
  const phoneNumberId = await meta.claim(await meta.inPool(true));
  await attempt(meta.activities().registerNumber, { phoneNumberId, pin, dataLocalizationRegion: null });
  const digits = phoneNumber.slice(1);
  await new SimulatorClient(meta.url).reviewName(digits, 'APPROVED', 'Lucky Shrub Gardens');
  return (number: number) => attempt(registerAgain, { wabaId, phoneNumber: digits, phoneNumberId }, number);
}

test('registering again for a new name slows down, so that Meta never counts more than ten registrations in 72 hours', async () => {
  await using meta = await SimulatedMeta.start();
  const again = await renamed(meta, pin);
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

test('a registration that did not reach Meta is told as turned away, unless an attempt before may have reached it', async () => {
  await using meta = await SimulatedMeta.start();
  const again = await renamed(meta, null);
  expect(await graphFailureOf(again(1))).toMatchObject({ code: 'PinUnknown', turnedAway: true });
  expect(await graphFailureOf(again(2))).not.toHaveProperty('turnedAway');
  await meta.fault({ call: 'get_phone_number', error: { code: 80008 } });
  expect(await graphFailureOf(again(1))).toMatchObject({ code: '80008', turnedAway: true });
  expect(await meta.calls('register')).toBe(1);
});

test('one that reached it is not', async () => {
  await using meta = await SimulatedMeta.start();
  const again = await renamed(meta, pin);
  await meta.fault({ call: 'register', error: { code: 133005 } });
  expect(await graphFailureOf(again(1))).not.toHaveProperty('turnedAway');
});
