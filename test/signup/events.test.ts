import { createSecretKey, randomInt } from 'node:crypto';
import type { NumberPool } from '../../client';
import { findClaims } from '../../client/reconcile/find-claims';
import type { WabaId } from '../../contract/ids';
import { claimsIdOf, workflowIdOf } from '../../contract/workflow-ids';
import type { Gateway } from '../../gateway';
import { SessionTokens, type Session } from '../../gateway/signup/session-tokens';
import { Laptop } from '../client/laptop';
import { heldFor } from '../gateway/gateway';
import { apiKey, signupGateway } from './signup-gateway';
import { verifiedNumbers } from './verified-numbers';

jest.setTimeout(120_000);

let laptop: Laptop;
let pool: NumberPool;
let gateway: Gateway;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
  gateway = await signupGateway(laptop);
});
afterAll(async () => {
  await gateway.close();
  await laptop.close();
});

interface Answer {
  token: string;
  expiresAt: string;
  config: { extras: { version?: unknown; setup: { preVerifiedPhone?: { ids: string[] } } } };
  message?: string;
  notice?: string;
}

/** What a partner's server asks, with its API key; or its page, with a session's token. */
async function config(query: Record<string, string>, credential = apiKey) {
  const response = await fetch(`${gateway.url}/signup/config?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${credential}` },
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as Answer) };
}

/** What a page tells. */
async function tell(
  token: string,
  event: string,
  data: Record<string, string | string[]> = {},
): Promise<number> {
  const message = { type: 'WA_EMBEDDED_SIGNUP', version: '3', event, data };
  const body = JSON.stringify({ token, message });
  return (await fetch(`${gateway.url}/signup/events`, { method: 'POST', body })).status;
}

let numbers = 0;
/** A customer with a number that nobody else can have meanwhile. */
async function customer(customerId: string): Promise<{ number: string; token: string }> {
  const number = `1555080${String(++numbers).padStart(4, '0')}`;
  await verifiedNumbers(pool, laptop.sim, [number]);
  const { token } = await config({ customer: customerId });
  expect((await pool.get(number)).reservation?.customerId).toBe(customerId);
  return { number, token };
}

const newWaba = () => String(randomInt(1, 2 ** 47));
const claimsSent = async (number: string) =>
  (await heldFor(laptop.connected.client, `number:${number}`)).filter(({ name }) => name === 'claim');
const reservation = async (number: string) => (await pool.get(number)).reservation;

/** As the gateway seals and opens them. */
function ownTokens(): SessionTokens {
  const [, key = ''] = String(laptop.env['PAYLOAD_KEYS']).split('k1:');
  return new SessionTokens([createSecretKey(key, 'base64')]);
}

describe('a session', () => {
  test('moves no number but its own', async () => {
    const mine = await customer('mine');
    const other = await customer('other');
    expect(await tell(mine.token, 'CANCEL', { current_step: 'PERMISSIONS' })).toBe(202);
    await pool.waitUntil(mine.number, (record) => record.reservation === null);
    expect(await reservation(other.number)).toMatchObject({ customerId: 'other' });
    await pool.remove(mine.number);
    await pool.remove(other.number);
  });

  test('is held to its time: a token that has expired is worth nothing, to the page and to its events', async () => {
    const { number } = await customer('late');
    const tokens = ownTokens();
    const session: Session = {
      id: 'late',
      reservationId: (await reservation(number))!.id,
      phoneNumber: number,
      customerId: 'late',
      country: null,
      version: 'v2',
      expiresAt: Date.now() - 1,
    };
    const expired = tokens.seal(session);
    expect(await tell(expired, 'CANCEL')).toBe(401);
    expect((await config({}, expired)).status).toBe(401);
    expect(await reservation(number)).toMatchObject({ customerId: 'late' });
    expect(await tell(tokens.seal({ ...session, expiresAt: Date.now() + 60_000 }), 'CANCEL')).toBe(202);
    await pool.waitUntil(number, (record) => record.reservation === null);
    await pool.remove(number);
  });

  test('is given again to the page that brings its token, and ends no later for it', async () => {
    const { number } = await customer('page');
    const first = await config({ customer: 'page' });
    const second = await config({}, first.token);
    expect(second.config).toEqual(first.config);
    expect(Date.parse(second.expiresAt)).toBeLessThanOrEqual(Date.parse(first.expiresAt));
    await pool.remove(number);
  });
});

test('a customer named with blanks is the one without', async () => {
  const { number } = await customer('padded');
  const { token } = await config({ customer: ' padded ' });
  expect(ownTokens().open(token)).toMatchObject({ customerId: 'padded', phoneNumber: number });
  await pool.remove(number);
});

describe('the popup', () => {
  test('is of version 4 and shows the number, unless it is asked for without, then and whenever the page asks again', async () => {
    const { number } = await customer('modern');
    const { config: shown, notice } = await config({ customer: 'modern' });
    const { preverifiedId } = await pool.get(number);
    expect(shown.extras).toEqual({
      version: 'v4',
      setup: { preVerifiedPhone: { ids: [preverifiedId] } },
      featureType: '',
    });
    expect(notice).toBeUndefined();
    const without = await config({ customer: 'modern', preVerifiedPhone: 'false' });
    expect(without.config.extras.setup).toEqual({});
    expect((await config({}, without.token)).config).toEqual(without.config);
    await pool.remove(number);
  });

  test.each(['v2', 'document'])('of the deprecated %s comes with a notice', async (version) => {
    const { number } = await customer(`of ${version}`);
    const { config: shown, notice } = await config({ customer: `of ${version}`, version });
    expect(shown.extras.setup.preVerifiedPhone?.ids).toHaveLength(1);
    expect(notice).toMatch(/deprecated .* use v4/);
    await pool.remove(number);
  });
});

describe('an event', () => {
  test('that comes again is answered 200, and is one claim', async () => {
    const { number, token } = await customer('twice');
    const wabaId = newWaba();
    const { phoneNumberId } = await laptop.sim.claim((await pool.get(number)).preverifiedId!, wabaId);
    const data = { waba_id: wabaId, phone_number_id: phoneNumberId };
    expect(await tell(token, 'FINISH', data)).toBe(202);
    expect(await tell(token, 'FINISH', data)).toBe(200);
    await pool.waitFor(number, 'Registered', { timeout: 30_000 });
    expect(await claimsSent(number)).toHaveLength(1);
    expect(await laptop.sim.calls({ call: 'register', number })).toHaveLength(1);
  });

  test('that comes after the life of its number has ended is no fault of the customer: 200', async () => {
    const { number, token } = await customer('overtaken');
    const [wabaId, other] = [newWaba(), newWaba()];
    const { phoneNumberId } = await laptop.sim.claim((await pool.get(number)).preverifiedId!, wabaId);
    // As Meta's webhook has it found, before the popup says so.
    await findClaims(laptop.connected.client, wabaId as WabaId, 'the webhook');
    const { workflow } = laptop.connected.client;
    await workflow.getHandle(workflowIdOf(number)).result();
    const data = { phone_number_id: phoneNumberId, waba_ids: [wabaId, other] };
    expect(await tell(token, 'FINISH', data)).toBe(200);
    // The number is on the first. Whether others of ours are on the second, Meta is asked.
    await workflow.getHandle(claimsIdOf(other)).describe();
    expect(await tell(token, 'CANCEL')).toBe(200);
    expect(await tell(token, 'ERROR', { error_message: 'Something went wrong' })).toBe(200);
  });

  test('of a session that is over does not take the number from its next holder', async () => {
    const { number, token } = await customer('before');
    await pool.release(number, {});
    await pool.reserve(number, { customerId: 'after' });
    expect(await tell(token, 'CANCEL')).toBe(202);
    const { lastRefusal } = await pool.waitUntil(number, (record) => record.lastRefusal !== null);
    expect(lastRefusal).toMatchObject({ type: 'ReservationEnded', name: 'release' });
    expect(await reservation(number)).toMatchObject({ customerId: 'after' });
    await pool.remove(number);
  });

  test('is a hint: nothing is registered where Meta does not show the number on that WABA', async () => {
    const { number, token } = await customer('liar');
    expect(await tell(token, 'FINISH', { waba_id: newWaba(), phone_number_id: '1' })).toBe(202);
    const { state } = await pool.waitUntil(
      number,
      ({ reportedClaims }) => (reportedClaims[0]?.looks ?? 0) > 0,
      {
        timeout: 30_000,
      },
    );
    expect(state).toBe('Verified');
    expect(await laptop.sim.calls({ call: 'register', number })).toEqual([]);
  });

  test('of a number that stays on the WhatsApp Business app: claimed, never registered', async () => {
    const { number, token } = await customer('on the app');
    const wabaId = newWaba();
    await laptop.sim.claim((await pool.get(number)).preverifiedId!, wabaId);
    expect(await tell(token, 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: wabaId })).toBe(202);
    await pool.waitUntil(number, ({ state, phase }) => state === 'Claimed' && phase === 'verified', {
      timeout: 30_000,
    });
    await expect(pool.register(number, {})).rejects.toMatchObject({ type: 'WrongState' });
    expect(await laptop.sim.calls({ call: 'register', number })).toEqual([]);
  });

  test('that names no WABA has the account searched for nothing: 400', async () => {
    const { number, token } = await customer('vague');
    for (const event of ['FINISH', 'FINISH_ONLY_WABA']) expect(await tell(token, event)).toBe(400);
    expect(await reservation(number)).toMatchObject({ customerId: 'vague' });
    await pool.remove(number);
  });

  test.each([
    ['that is not of Embedded Signup', { type: 'another', event: 'FINISH' }, /message.type must be WA_EMB/],
    ['that is no JSON', 'cb=f1a2', /message must be JSON/],
    ['that is no message', 7, /message: must be Object/],
  ])('%s is told what is wrong with it', async (_, message, words) => {
    const { number, token } = await customer('garbled');
    const body = JSON.stringify({ token, message });
    const answer = await fetch(`${gateway.url}/signup/events`, { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringMatching(words) });
    await pool.remove(number);
  });

  test('of an account without a number has it searched: a claim there is found by its digits', async () => {
    const { number, token } = await customer('only the account');
    const wabaId = newWaba();
    await laptop.sim.claim((await pool.get(number)).preverifiedId!, wabaId);
    expect(await tell(token, 'FINISH_ONLY_WABA', { waba_id: wabaId })).toBe(202);
    const { claim } = await pool.waitFor(number, 'Registered', { timeout: 30_000 });
    expect(claim).toMatchObject({ wabaId });
  });
});

describe('a configuration is refused', () => {
  test.each([
    ['without a key', {}, '', 401, /Bearer/],
    ['with a wrong key', { customer: 'c' }, 'a-key-of-nobody', 401, /Bearer/],
    ['without a customer', {}, apiKey, 400, /customer/],
    ['for a version that is none', { customer: 'c', version: 'v3' }, apiKey, 400, /v4/],
    ['for a switch that is none', { customer: 'c', preVerifiedPhone: 'no' }, apiKey, 400, /true or false/],
    [
      'for a switch of another version',
      { customer: 'c', version: 'v2', preVerifiedPhone: 'false' },
      apiKey,
      400,
      /for version v4/,
    ],
    ['for a country that is none', { customer: 'c', country: 'Germany' }, apiKey, 400, /country/],
    ['where no number is free', { customer: 'c', country: 'IS' }, apiKey, 503, /in IS is free/],
  ])('%s', async (_, query, credential, status, words) => {
    const answer = await config(query, credential);
    expect(answer).toMatchObject({ status, message: expect.stringMatching(words) });
    if (status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
