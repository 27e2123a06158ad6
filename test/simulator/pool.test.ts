import { number, portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
beforeEach(async () => {
  talk = await startTalk();
});
afterEach(() => talk.simulator.close());

const code100 = { status: 400, body: { error: { code: 100, type: 'OAuthException' } } };
const gone = { status: 400, body: { error: { code: 100, error_subcode: 33 } } };
const pool = async (parameters = {}) =>
  (await talk.graph('GET', `${portfolio}/preverified_numbers`, parameters)).body.data;

describe('rule 1: a number that is never verified leaves the pool 90 days after it was added', () => {
  test('one millisecond before, it is there; then it is not', async () => {
    const id = await talk.add();
    await talk.advance(90 * 86_400_000 - 1);
    expect((await talk.graph('GET', id)).status).toBe(200);
    expect(await pool()).toHaveLength(1);
    await talk.advance(1);
    expect(await talk.graph('GET', id)).toMatchObject(gone);
    expect(await pool()).toEqual([]);
  });

  test('no call brings it back but adding it again, as a new object', async () => {
    const id = await talk.add();
    await talk.advance('90 days');
    const asked = await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
    expect(asked).toMatchObject(gone);
    const again = await talk.add();
    expect(again).not.toBe(id);
    expect(await pool()).toMatchObject([{ id: again, code_verification_status: 'NOT_VERIFIED' }]);
  });

  test('a number that was verified once stays', async () => {
    const id = await talk.add();
    await talk.verify(id);
    await talk.advance('1000 days');
    expect(await pool()).toMatchObject([{ id }]);
  });
});

describe('rule 2: a verified number is verified until the expiry that is stated', () => {
  test('one millisecond before the stated second it is VERIFIED, then it is not, and stays in the pool', async () => {
    const id = await talk.add();
    await talk.verify(id);
    const fields = 'code_verification_status,code_verification_time,verification_expiry_time';
    const times = {
      code_verification_time: '2026-01-01T00:00:00+0000',
      verification_expiry_time: '2026-04-01T00:00:00+0000',
    };
    await talk.sim('POST', 'clock', { now: '2026-03-31T23:59:59.999Z' });
    expect((await talk.graph('GET', id, { fields })).body).toEqual({
      id,
      code_verification_status: 'VERIFIED',
      ...times,
    });
    await talk.advance(1);
    expect((await talk.graph('GET', id, { fields })).body).toEqual({
      id,
      code_verification_status: 'EXPIRED',
      ...times,
    });
    expect(await pool()).toHaveLength(1);
  });

  test('a lapsed number can be verified again at any time', async () => {
    const id = await talk.add();
    await talk.verify(id);
    await talk.advance('200 days');
    expect((await talk.verify(id)).body).toEqual({ success: true });
    expect(await pool({ code_verification_status: 'VERIFIED' })).toHaveLength(1);
  });
});

describe('rule 3: a verified number takes a new code only from 45 days before its expiry', () => {
  test('one millisecond before, code 136024 without a subcode and no code is sent; then it is renewed', async () => {
    const id = await talk.add();
    await talk.verify(id);
    await talk.sim('POST', 'clock', { now: Date.parse('2026-04-01T00:00:00Z') - 45 * 86_400_000 - 1 });
    const early = await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
    expect(early).toMatchObject({ status: 400, body: { error: { code: 136024 } } });
    expect(early.body.error).not.toHaveProperty('error_subcode');
    expect(await talk.sim('GET', `messages?to=${number}`)).toHaveLength(1);
    await talk.advance(1);
    expect((await talk.verify(id)).body).toEqual({ success: true });
    expect((await talk.graph('GET', id, { fields: 'verification_expiry_time' })).body).toEqual({
      id,
      verification_expiry_time: '2026-05-16T00:00:00+0000',
    });
  });

  test('it stays verified while the new code is under way', async () => {
    const id = await talk.add();
    await talk.verify(id);
    await talk.advance('60 days');
    await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
    expect(await pool({ code_verification_status: 'VERIFIED' })).toHaveLength(1);
  });
});

describe('adding', () => {
  test('a number that is in the pool already is refused', async () => {
    await talk.add();
    expect(
      await talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: `+${number}` }),
    ).toMatchObject(code100);
    expect(await pool()).toHaveLength(1);
  });

  test("a number that is in another business's pool is refused, until it has left it", async () => {
    const id = await talk.add();
    const elsewhere = () => talk.graph('POST', '777/add_phone_numbers', { phone_number: number });
    expect(await elsewhere()).toMatchObject(code100);
    await talk.graph('DELETE', id);
    expect((await elsewhere()).status).toBe(200);
  });

  test('a number that is on a WABA is refused', async () => {
    const id = await talk.add();
    await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    expect(
      await talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: number }),
    ).toMatchObject(code100);
  });

  test.each(['', '12', 'fifteen', '1555078388123456789', '+999123456789'])(
    '%p is no number',
    async (text) => {
      expect(
        await talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: text }),
      ).toMatchObject(code100);
    },
  );

  test.each(['+4915112345678', '49 1511 2345678', '+49 (1511) 234-5678'])(
    '%p is the same number',
    async (text) => {
      await talk.add(text);
      expect(await pool({ phone_number: '4915112345678' })).toHaveLength(1);
    },
  );
});

test('a number is deleted once', async () => {
  const id = await talk.add();
  expect((await talk.graph('DELETE', id)).body).toEqual({ success: true });
  expect(await talk.graph('GET', id)).toMatchObject(gone);
  expect(await talk.graph('DELETE', id)).toMatchObject(gone);
  expect(await pool()).toEqual([]);
});

describe('the list of the pool', () => {
  test('is in order of creation and can be filtered by status and by number', async () => {
    const numbers = ['4915112345678', '15550783881', '5511987654321'];
    const ids = [];
    for (const each of numbers) ids.push(await talk.add(each));
    await talk.verify(String(ids[1]), numbers[1]);
    expect((await pool()).map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(await pool({ code_verification_status: 'VERIFIED' })).toMatchObject([{ id: ids[1] }]);
    expect(await pool({ code_verification_status: 'NOT_VERIFIED' })).toHaveLength(2);
    expect(await pool({ phone_number: '+55 11 98765-4321' })).toMatchObject([{ id: ids[2] }]);
    expect(await pool({ phone_number: '551198765' })).toEqual([]);
  });

  test('holds the fields that are asked for, nested ones too', async () => {
    const id = await talk.add();
    expect(await pool({ fields: 'owner_business{name},phone_number' })).toEqual([
      { id, owner_business: { name: `Business ${portfolio}` }, phone_number: '+1 555-078-3881' },
    ]);
  });

  test.each(['no_such_field', 'id,', 'owner_business{id', '{}', 'id}'])(
    'refuses fields=%s',
    async (fields) => {
      await talk.add();
      expect(await talk.graph('GET', `${portfolio}/preverified_numbers`, { fields })).toMatchObject(code100);
    },
  );

  test('is empty for a portfolio that nobody has named before', async () => {
    expect((await talk.graph('GET', '424242/preverified_numbers')).body).toEqual({ data: [] });
  });
});
