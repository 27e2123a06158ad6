import { readFileSync } from 'node:fs';
import type { NumberPool } from '../../client';
import type { Gateway } from '../../gateway';
import { Laptop } from '../client/laptop';
import { loggerToFile } from '../gateway/gateway';
import { otp } from '../gateway/sender';
import { signupGateway, signupToken } from './signup-gateway';
import { verifiedNumbers } from './verified-numbers';

jest.setTimeout(120_000);

const { logger, file: log } = loggerToFile();
let laptop: Laptop;
let pool: NumberPool;
let gateway: Gateway;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
  gateway = await signupGateway(laptop, logger);
});
afterAll(async () => {
  await gateway.close();
  await laptop.close();
});

let numbers = 0;
/** A customer for whom a number is reserved that nobody else can have meanwhile. */
async function customer(customerId: string): Promise<{ number: string; token: string }> {
  const number = `1555090${String(++numbers).padStart(4, '0')}`;
  await verifiedNumbers(pool, laptop.sim, [number]);
  const token = await signupToken(gateway, customerId);
  expect((await pool.get(number)).reservation?.customerId).toBe(customerId);
  return { number, token };
}

/** The same, with a number that lapses meanwhile: whoever takes it has to enter a code. */
async function customerOfLapsed(customerId: string): Promise<{ number: string; token: string }> {
  const held = await customer(customerId);
  await laptop.sim.advanceClock('91 days');
  await pool.refresh(held.number, {});
  expect(await pool.get(held.number)).toMatchObject({ state: 'Unverified', reservation: { customerId } });
  return held;
}

/** A code arrives for which we did not ask, as a telephone provider hands it on. */
async function arrives(number: string, code: string): Promise<void> {
  const { method, url, headers, body } = otp({ to: number, text: `WhatsApp code ${code}` });
  expect((await fetch(gateway.url + url, { method, headers, body })).status).toBe(202);
}

async function show(token: unknown): Promise<{ status: number; code?: string; message?: string }> {
  const body = JSON.stringify({ token });
  const response = await fetch(`${gateway.url}/signup/code`, { method: 'POST', body });
  return { status: response.status, ...((await response.json()) as { code?: string; message?: string }) };
}

describe('a code that came unasked', () => {
  test('is shown once to whoever the number is reserved for, and before it is there they are told so', async () => {
    const { number, token } = await customerOfLapsed('waiting');
    expect(await show(token)).toEqual({
      status: 409,
      message: expect.stringMatching(/no code came unasked/),
    });
    await arrives(number, '735-912');
    expect(await show(token)).toEqual({ status: 200, code: '735912', receivedAt: expect.any(String) });
    expect((await show(token)).status).toBe(409);
    await pool.remove(number);
  });

  test('is shown to one of two who ask at once', async () => {
    const { number, token } = await customerOfLapsed('impatient');
    await arrives(number, '735-912');
    const answers = await Promise.all([show(token), show(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await pool.remove(number);
  });

  test('is not for another customer, nor for one whose reservation has ended', async () => {
    const other = await customer('other');
    const before = await customerOfLapsed('before');
    await arrives(before.number, '735-912');
    expect((await show(other.token)).status).toBe(409);
    await pool.release(before.number, {});
    await pool.reserve(before.number, { customerId: 'after' });
    expect(await show(before.token)).toEqual({
      status: 410,
      message: expect.stringMatching(/reservation .* has ended/),
    });
    // It was not used up by those who may not see it.
    expect((await pool.takeCode(before.number, { customerId: 'after' })).code).toBe('735912');
    await pool.remove(before.number);
    await pool.remove(other.number);
  });

  test('is not kept where the number is verified, and whoever takes it needs none', async () => {
    const { number, token } = await customer('curious');
    await arrives(number, '735-912');
    expect((await show(token)).status).toBe(409);
    expect((await pool.get(number)).lastRefusal).toMatchObject({ name: 'receiveCode', type: 'WrongState' });
    await pool.remove(number);
  });

  test('is in no log, and in the history only encrypted', async () => {
    const { number, token } = await customerOfLapsed('discreet');
    await arrives(number, '482-913');
    expect((await show(token)).code).toBe('482913');
    const { events } = await laptop.connected.client.workflow.getHandle(`number:${number}`).fetchHistory();
    const history = JSON.stringify(events, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(history).toContain('takeCode');
    for (const place of [history, readFileSync(log, 'utf8')]) expect(place).not.toMatch(/482-?913/);
    expect(readFileSync(log, 'utf8')).not.toContain(token);
    await pool.remove(number);
  });
});

test.each([
  ['no token', undefined, 400],
  ['a token that is none of ours', 'A'.repeat(80), 401],
])('%s shows nothing', async (_, token, status) => {
  expect((await show(token)).status).toBe(status);
});

test('more than a person asks is refused, to that customer alone', async () => {
  const eager = await customer('eager');
  const calm = await customer('calm');
  const answers: number[] = [];
  for (let i = 0; i < 21; i++) answers.push((await show(eager.token)).status);
  expect(answers).toEqual([...Array<number>(20).fill(409), 429]);
  expect((await show(calm.token)).status).toBe(409);
});
