import { messageNames, type MessageName } from '../../contract/messages';
import { RefusedError, type NumberPool } from '../../client';
import { poolNowhere } from './nowhere';

const megabyte = 'x'.repeat(2 ** 20);
const number = '+15550783881';

const refusal = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({ name: 'RefusedError', type: 'InvalidMessage' });
  const { message } = error as RefusedError;
  expect(message.length).toBeLessThan(400);
  return message;
};

describe('bad input is refused with a clear sentence before anything is written', () => {
  test.each<[string, string, object, RegExp]>([
    ['no number at all', '', {}, /phoneNumber is not possible/],
    ['words', 'call me', {}, /call me was not added: phoneNumber is not possible as a phone number/],
    ['a number without a country', '12', {}, /country code, such as \+15550783881/],
    ['a megabyte in its place', megabyte, {}, /^x{39}… was not added/],
    ['another kind of value', 15550783881 as never, {}, /phoneNumber must be a string/],
    [
      'a portfolio that is no ID',
      number,
      { portfolioId: 'Lucky Shrub' },
      /portfolioId must be 1 to 32 digits/,
    ],
    ['an unknown field', number, { colour: 'green' }, /"colour" is not a field/],
    ['a policy without sense', number, { policy: { verifiedFor: 'long' } }, /policy.verifiedFor/],
    ['a policy that is left empty', number, { policy: { verifiedFor: '' } }, /policy.verifiedFor/],
    ['a megabyte of policy', number, { policy: { verifiedFor: megabyte } }, /policy.verifiedFor/],
    ['a method that Meta has not', number, { codeMethod: 'PIGEON' }, /method must be "SMS" or "VOICE"/],
    ['a megabyte of name', number, { by: megabyte }, /by must be 1 to 200 characters/],
  ])('add: %s', async (_what, given, options, words) => {
    expect(await refusal(poolNowhere().add(given, options))).toMatch(words);
  });

  test('add: no portfolio, neither its own nor that of the pool', async () => {
    const pool = poolNowhere({ portfolioId: undefined } as object);
    expect(await refusal(pool.add(number))).toMatch(/"portfolioId" is missing/);
  });

  test.each<[MessageName, object, RegExp]>([
    ['requestCode', { method: 'PIGEON' }, /requestCode was not sent to \+?15550783881: method must be "SMS"/],
    ['submitCode', { code: '12' }, /no six-digit code/],
    ['submitCode', { code: megabyte }, /at most 1000 characters/],
    ['reserve', {}, /"customerId" is missing/],
    ['reserve', { customerId: 'c', ttl: 'soon' }, /ttl/],
    ['reserve', { customerId: 'c', ttl: '' }, /ttl/],
    ['claim', { wabaId: 'mine', source: 'us' }, /wabaId must be 1 to 32 digits/],
    ['claimFor', { wabaId: '1' }, /"verifiedName" is missing/],
    ['register', { pin: '12345' }, /pin must be six digits/],
    ['share', { partnerBusinessId: megabyte }, /partnerBusinessId/],
    ['unshare', {}, /"partnerBusinessId" is missing/],
    ['remove', { reason: megabyte }, /reason must be at most 500 characters/],
    ['release', 'please' as never, /must be one JSON object/],
    ['remove', [], /must be one JSON object/],
  ])('%s %j', async (name, payload, words) => {
    expect(await refusal(send(poolNowhere(), name, number, payload))).toMatch(words);
    expect(await refusal(poolNowhere().signal[name](number, payload as never))).toMatch(words);
  });

  test.each(messageNames)('%s with a field that it does not have, or to what is no number', async (name) => {
    expect(await refusal(send(poolNowhere(), name, number, { colour: 'green' }))).toMatch(/colour|missing/);
    expect(await refusal(send(poolNowhere(), name, 'nobody', {}))).toMatch(/nobody is not a phone number/);
  });

  test('a secret that is refused is not repeated', async () => {
    const message = await refusal(poolNowhere().register(number, { pin: '98765' }));
    expect(message).not.toContain('98765');
  });

  test("a customer's message that is a list", async () => {
    const refused = refusal(poolNowhere().offboardCustomer('102290129340398', [] as never));
    expect(await refused).toMatch(/must be one JSON object/);
  });

  test('a filter', async () => {
    const numbers = poolNowhere().list({ state: 'Lost' as never });
    expect(await refusal(numbers.next())).toMatch(/state must be one of Added/);
    expect(await refusal(poolNowhere().list({ state: [] }).next())).toMatch(/state must name one/);
    expect(await refusal(poolNowhere().list({ wabaId: "1' OR 'a'='a" }).next())).toMatch(/wabaId must be/);
  });

  test('a pool in the name of nobody', () => {
    expect(() => poolNowhere({ by: '' })).toThrow(/by must be 1 to 200 characters/);
  });
});

const send = (pool: NumberPool, name: MessageName, to: string, payload: object) =>
  pool[name](to, payload as never);
