import type { PhoneNumberId, PortfolioId, PreverifiedId } from '../../contract/ids';
import { sameNumber } from '../../contract/phone-number';
import { ScriptedGraph } from './scripted-graph';

const id = '106540352242922' as PreverifiedId;
const portfolio = '506914307656634' as PortfolioId;

async function readPreverified(fields: object) {
  await using graph = await ScriptedGraph.start({ json: { id, phone_number: '12115555105', ...fields } });
  return await graph.client().getPreverifiedNumber(id);
}

async function readPhone(fields: object) {
  await using graph = await ScriptedGraph.start({ json: { id: '1', ...fields } });
  return await graph.client().getPhoneNumber('1' as PhoneNumberId);
}

describe('tolerant reading', () => {
  test.each([
    ['VERIFIED', true],
    ['NOT_VERIFIED', false],
    ['UNVERIFIED', false],
    ['EXPIRED', false],
    ['SOMETHING_NEW', false],
    [null, false],
    [undefined, false],
  ])('the status word %s: usable is %s', async (code_verification_status, verified) => {
    expect(await readPreverified({ code_verification_status })).toMatchObject({ verified });
    expect(await readPhone({ code_verification_status })).toMatchObject({ verified });
  });

  test.each([
    ['2023-04-14T22:12:31+0000', 1681510351000],
    ['2023-04-15T00:12:31+0200', 1681510351000],
    ['2023-04-14T22:12:31Z', 1681510351000],
    [1681510351, 1681510351000],
    ['1681510351', 1681510351000],
    [0, null],
    ['0', null],
    ['1970-01-01T00:00:00+0000', null],
    [null, null],
    [undefined, null],
    ['soon', null],
    [{}, null],
  ])('the time %p is %p', async (time, expected) => {
    const read = await readPreverified({ code_verification_time: time, verification_expiry_time: time });
    expect(read).toMatchObject({ verifiedAt: expected, expiresAt: expected });
  });

  test.each(['+1 211-555-5105', '+12115555105', '12115555105', '+1 (211) 555 5105'])(
    'the number %s is compared by its digits',
    async (phone_number) => {
      expect((await readPreverified({ phone_number })).phoneNumber).toBe('12115555105');
      expect(sameNumber(phone_number, '+12115555105')).toBe(true);
      expect(sameNumber(phone_number, '+12115555106')).toBe(false);
    },
  );

  test('IDs as numbers', async () => {
    await using graph = await ScriptedGraph.start({ json: { id: 106540352242922 } });
    await expect(graph.client().addPhoneNumber(portfolio, '15550783881')).resolves.toBe(id);
  });

  test.each([
    [{ platform_type: 'CLOUD_API' }, true],
    [{ status: 'CONNECTED' }, true],
    [{ platform_type: 'NOT_APPLICABLE', status: 'PENDING' }, false],
    [{}, false],
  ])('a business phone number of %p: registered is %s', async (fields, registered) => {
    expect(await readPhone(fields)).toMatchObject({ registered });
  });
});
