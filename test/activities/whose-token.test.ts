import { createGraphClient } from '../../activities/graph';
import { createNumberActivities } from '../../activities';
import { whoseToken, type TokenFailure } from '../../activities/whose-token';
import type { PhoneNumberId, WabaId } from '../../contract/ids';
import { SimulatorClient } from '../../simulator/client';
import { startSimulator, type Simulator } from '../../simulator';
import {
  attempt,
  failureOf,
  graphFailureOf,
  phoneNumber,
  POLICY_DAY,
  portfolioId,
  wabaId,
} from './simulated-meta';

const app = { id: '670843887433847', secret: 'app-secret' };
const system = 'EAAJBsecretTokenOfTheSystemUser';

let simulator: Simulator;
let sim: SimulatorClient;
let tokens: Map<WabaId, string>;
let told: [WabaId, TokenFailure][];
let warnings: string[];
let phoneNumberId: PhoneNumberId;

beforeEach(async () => {
  simulator = await startSimulator();
  sim = new SimulatorClient(simulator.url);
  [tokens, told, warnings] = [new Map(), [], []];
  await sim.setApp(app);
  const { preverifiedId } = await attempt(activities().addNumber, { portfolioId, phoneNumber });
  phoneNumberId = (await sim.claim(preverifiedId, wabaId)).phoneNumberId as PhoneNumberId;
});
afterEach(() => simulator.close());

const graph = (accessToken = system) =>
  createGraphClient({ baseUrl: simulator.url, version: 'v24.0', accessToken, timeout: 5_000 });

const keptAt = '2026-11-01T10:00:00.000Z';
const held = (wabaId: WabaId) => {
  const token = tokens.get(wabaId);
  return Promise.resolve(token === undefined ? null : { wabaId, token, keptAt });
};

function activities(accessToken = system, tokenOf = held) {
  const client = graph(accessToken);
  const graphOf = whoseToken(client, {
    tokenOf,
    refused: ({ wabaId, token, keptAt: since }, failure) => {
      // That one was used.
      expect([token, since]).toEqual([tokens.get(wabaId), keptAt]);
      told.push([wabaId, failure]);
      return Promise.resolve();
    },
    warn: (message) => warnings.push(message),
  });
  return createNumberActivities({ graph: client, graphOf, policyDay: POLICY_DAY });
}

/** The customer signs up, and the token is held for a WABA. */
async function grant(...wabaIds: string[]): Promise<string> {
  const token = await graph().exchangeSignupCode(app, await sim.signupCode(...wabaIds));
  tokens.set(wabaId, token);
  return token;
}

const pin = '424242';
const requestCode = (from = activities()) =>
  attempt(from.requestCode, {
    target: { kind: 'business', id: phoneNumberId, wabaId },
    method: 'SMS',
    language: 'en_US',
  });
const setPin = (from = activities()) => attempt(from.setPin, { phoneNumberId, wabaId, pin });
const confirm = (from = activities()) =>
  attempt(from.confirmClaim, {
    ...{ phoneNumber, wabaId, phoneNumberId, portfolioId },
    preverifiedId: null,
    sharedWith: [],
  });
const madeWith = async (call: string) =>
  (await sim.calls({ call })).map(({ tokenKind, errorCode }) => [tokenKind, errorCode]);

test('the customer’s token makes the calls on the customer’s assets, the system token those on the pool', async () => {
  await grant(wabaId);
  await confirm();
  await requestCode();
  await setPin();
  expect(await madeWith('phone_numbers')).toEqual([['business', null]]);
  expect(await madeWith('request_code')).toEqual([['business', null]]);
  expect(await madeWith('set_pin')).toEqual([['business', null]]);
  expect(await madeWith('add_phone_numbers')).toEqual([['system', null]]);
  expect(told).toEqual([]);
});

test('without a token of the customer’s, the system token makes them', async () => {
  await confirm();
  expect(await madeWith('phone_numbers')).toEqual([['system', null]]);
});

describe('a customer’s token that Meta refuses costs one call: the system token makes it, and the problem is told once', () => {
  test.each<[string, number, () => Promise<unknown>]>([
    ['has a permission too few', 200, () => sim.setPermissions({ wabaId }, [])],
    ['was revoked', 190, () => sim.revokeToken({ wabaId })],
    ['is of another WABA', 100, () => grant('301')],
    [
      'is of another WABA, and Meta says 10',
      10,
      async () => {
        await sim.assume({ unreachable: 'permission' });
        await grant('301');
      },
    ],
  ])('one that %s', async (_name, code, spoil) => {
    await grant(wabaId);
    await spoil();
    await expect(setPin()).resolves.toEqual({ pin });
    expect(await madeWith('set_pin')).toEqual([
      ['business', code],
      ['system', null],
    ]);
    expect(told).toEqual([
      [wabaId, expect.objectContaining({ whatToDo: expect.stringContaining('sign up again') })],
    ]);
    expect(JSON.stringify(told)).not.toContain(tokens.get(wabaId));
  });

  test('in the middle of an activity, whose later calls do without it', async () => {
    await grant(wabaId);
    await sim.revokeToken({ wabaId });
    await sim.fault({ call: 'get_phone_number', error: { code: 2 } });
    const registering = attempt(
      activities().registerNumber,
      { phoneNumberId, wabaId, pin, dataLocalizationRegion: null },
      2,
    );
    await failureOf(registering);
    const all = [...(await madeWith('get_phone_number')), ...(await madeWith('register'))];
    expect(all.filter(([kind]) => kind === 'business')).toHaveLength(1);
  });
});

test('where the system token is refused too, its refusal counts: there is no third call', async () => {
  await grant(wabaId);
  await sim.setPermissions({ wabaId }, []);
  await sim.setPermissions({ token: system }, ['business_management']);
  const failure = await graphFailureOf(setPin());
  expect(failure).toMatchObject({ code: '200', handling: 'account' });
  expect(failure.whatToDo).toContain('whatsapp_business_management');
  expect(await madeWith('set_pin')).toEqual([
    ['business', 200],
    ['system', 200],
  ]);
  expect(told).toHaveLength(1);
});

test('a number that is gone is no fault of the token', async () => {
  await grant(wabaId);
  await sim.deletePhoneNumber(phoneNumber);
  expect(await graphFailureOf(setPin())).toMatchObject({ code: '100/33' });
  expect(told).toEqual([]);
});

test('a report that names a number on another WABA is no fault of the token of the WABA that it names', async () => {
  const other = { portfolioId, phoneNumber: '+15550783882' };
  const { preverifiedId } = await attempt(activities().addNumber, other);
  const onOther = await sim.claim(preverifiedId, '777');
  await grant(wabaId);
  const look = await attempt(activities().confirmClaim, {
    ...{ phoneNumber: other.phoneNumber, wabaId, portfolioId, preverifiedId, sharedWith: [] },
    phoneNumberId: onOther.phoneNumberId as PhoneNumberId,
  });
  expect(look).toEqual({ found: false, pool: null, otherWaba: true });
  expect(told).toEqual([]);
  expect(await madeWith('phone_numbers')).toEqual([['business', null]]);
  expect(await madeWith('get_phone_number')).toEqual([['system', null]]);
});

test('a refusal that has nothing to do with the token is not asked again', async () => {
  await grant(wabaId);
  await sim.fault({ call: 'set_pin', error: { code: 133005 } });
  expect(await graphFailureOf(setPin())).toMatchObject({ code: '133005' });
  expect(await sim.calls({ call: 'set_pin' })).toHaveLength(1);
});

test('tokens that cannot be read hold no number up', async () => {
  await setPin(activities(system, () => Promise.reject(new Error('the database is gone'))));
  expect(warnings).toEqual([`The token of WABA ${wabaId} could not be read: the database is gone`]);
});

describe('the system token of an employee that was not assigned to the WABA', () => {
  test.each(['noSuchObject', 'permission', 'permissions'] as const)(
    'fails with a sentence that says so (%s)',
    async (unreachable) => {
      await sim.assume({ unreachable });
      const { token, userId } = await sim.issueToken({ role: 'employee', portfolioId });
      for (const act of [confirm, setPin]) {
        const { message } = await failureOf(act(activities(token)));
        expect(message).toMatch(/employee must be assigned|an admin or was assigned/);
      }
      await graph().assignUser(wabaId, userId);
      expect(await confirm(activities(token))).toMatchObject({ found: true });
    },
  );
});
