import type { BusinessId, PortfolioId, PreverifiedId } from '../../contract/ids';
import {
  attempt,
  attempts,
  failureOf,
  partnerBusinessId,
  phoneNumber,
  POLICY_DAY,
  portfolioId,
  graphFailureOf,
  SimulatedMeta,
} from './simulated-meta';

const HOUR = 3_600_000;
const NEVER = { verified: false, verifiedAt: null, expiresAt: null };

interface Listed {
  phoneNumber: string;
  preverifiedId: string;
  place: string;
}

describe('addNumber', () => {
  const input = { portfolioId, phoneNumber };

  test('adds the number and brings the length of a policy day along', async () => {
    await using meta = await SimulatedMeta.start();
    expect(await attempt(meta.activities().addNumber, input)).toEqual({
      preverifiedId: expect.stringMatching(/^\d+$/) as string,
      adopted: false,
      sharedWith: [],
      verification: NEVER,
      policyDay: POLICY_DAY,
      webhooks: false,
    });
    expect(await meta.control<Listed[]>('numbers')).toMatchObject([
      { phoneNumber: '15550783881', place: 'pool' },
    ]);
  });

  test('an answer lost after success never makes a second number', async () => {
    await using meta = await SimulatedMeta.start();
    await meta.fault({ call: 'add_phone_numbers', answerLost: true });
    const added = await attempts(meta.activities().addNumber, input);
    const numbers = await meta.control<Listed[]>('numbers');
    expect(numbers).toHaveLength(1);
    expect(added).toMatchObject({
      preverifiedId: numbers[0]?.preverifiedId,
      adopted: true,
      verification: NEVER,
    });
    expect(await meta.calls('add_phone_numbers')).toBe(1);
  });

  test('a request lost before success is made again', async () => {
    await using meta = await SimulatedMeta.start();
    await meta.fault({ call: 'add_phone_numbers', dropped: true });
    expect(await attempts(meta.activities().addNumber, input)).toMatchObject({ adopted: false });
    expect(await meta.control<Listed[]>('numbers')).toHaveLength(1);
    expect(await meta.calls('add_phone_numbers')).toBe(2);
  });

  test.each(['international', 'e164', 'digits'])(
    'a number in the pool already is adopted with the status and times that Meta states (%s)',
    async (phoneNumbers) => {
      await using meta = await SimulatedMeta.start({ assumptions: { phoneNumbers: phoneNumbers as 'e164' } });
      const preverifiedId = await meta.inPool(true);
      const { verification, ...added } = await attempt(meta.activities().addNumber, input);
      expect(added).toEqual({
        preverifiedId,
        adopted: true,
        sharedWith: [],
        policyDay: POLICY_DAY,
        webhooks: false,
      });
      expect(verification.verified).toBe(true);
      expect(verification.expiresAt).toBe((verification.verifiedAt ?? 0) + 90 * POLICY_DAY);
    },
  );

  test('a number that partners have already is adopted with them', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool();
    const others = ['1706193509821738', '1706193509821739'] as BusinessId[];
    for (const partner of others) {
      const shared = { portfolioId, preverifiedId, partnerBusinessId: partner };
      await attempt(meta.activities().shareNumber, shared);
    }
    expect(await attempt(meta.activities().addNumber, input)).toMatchObject({ sharedWith: others });
  });

  test('it is found among others, on pages that are short and empty, under other field names', async () => {
    await using meta = await SimulatedMeta.start({
      assumptions: { pages: 'ragged', fieldNames: 'alternative' },
    });
    for (const last of '123456') {
      await attempt(meta.activities().addNumber, { portfolioId, phoneNumber: `+1555078388${last}` });
    }
    expect(
      await attempt(meta.activities().addNumber, { portfolioId, phoneNumber: '+15550783885' }),
    ).toMatchObject({
      adopted: true,
    });
    expect(await meta.control<Listed[]>('numbers')).toHaveLength(6);
  });

  test.each([
    ['+525550123410', '5215550123410'],
    ['+5491150123411', '541150123411'],
    ['+5585991234511', '558591234511'],
  ])('%s is adopted where the pool shows it as %s, its other national form', async (asked, shown) => {
    await using meta = await SimulatedMeta.start({ assumptions: { nationalForm: 'other' } });
    const { addNumber } = meta.activities();
    const { preverifiedId } = await attempt(addNumber, { portfolioId, phoneNumber: asked });
    expect(await meta.control<Listed[]>('numbers')).toMatchObject([{ phoneNumber: shown }]);
    expect(await attempt(addNumber, { portfolioId, phoneNumber: asked })).toMatchObject({
      preverifiedId,
      adopted: true,
    });
  });

  test('a number that Meta will not have is refused for good', async () => {
    await using meta = await SimulatedMeta.start();
    await meta.fault({ call: 'add_phone_numbers', error: { code: 100, message: 'Not a WhatsApp number' } });
    expect(await graphFailureOf(attempt(meta.activities().addNumber, input))).toMatchObject({
      type: 'GraphError',
      code: '100',
      message: 'Not a WhatsApp number',
      handling: 'number',
      retryAfter: null,
    });
  });

  const full = { code: 100, message: 'The pool holds the maximum number of phone numbers' };

  test('a full pool gives up no number: it is tried again in an hour, and a person hears of it', async () => {
    await using meta = await SimulatedMeta.start();
    await meta.fault({ call: 'add_phone_numbers', error: full });
    const told = await graphFailureOf(attempt(meta.activities().addNumber, input));
    expect(told).toMatchObject({ type: 'GraphError', code: '100', handling: 'account', retryAfter: HOUR });
    expect(told.whatToDo).toContain('no room');
  });

  test('a number that a full pool has already is adopted', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool();
    await meta.fault({ call: 'add_phone_numbers', error: full });
    expect(await attempt(meta.activities().addNumber, input)).toMatchObject({ preverifiedId, adopted: true });
  });

  test('a portfolio that is not there gives up no number', async () => {
    await using meta = await SimulatedMeta.start();
    await meta.fault({ call: 'add_phone_numbers', error: { code: 100, error_subcode: 33 } });
    const told = await graphFailureOf(
      attempt(meta.activities().addNumber, { portfolioId: '999' as PortfolioId, phoneNumber }),
    );
    expect(told).toMatchObject({ code: '100/33', handling: 'account', retryAfter: HOUR });
    expect(told.whatToDo).toContain('PORTFOLIO_ID');
  });
});

describe('removeNumber', () => {
  test('takes the number out of the pool; gone already is as good', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool();
    await attempt(meta.activities().removeNumber, { portfolioId, preverifiedId, sharedWith: [] });
    await attempt(meta.activities().removeNumber, { portfolioId, preverifiedId, sharedWith: [] });
    expect(await meta.control<Listed[]>('numbers')).toMatchObject([{ place: 'deleted' }]);
  });

  test.each([{ code: 100, error_subcode: 33 }, { code: 33 }, { code: 803, status: 404 }])(
    'a number that Meta calls gone by %j is gone (rule 6)',
    async (error) => {
      await using meta = await SimulatedMeta.start();
      const preverifiedId = await meta.inPool();
      await meta.fault({ call: '*', error, times: null });
      const { readNumber, removeNumber } = meta.activities();
      expect(await attempt(readNumber, { preverifiedId })).toBeNull();
      await attempt(removeNumber, { portfolioId, preverifiedId, sharedWith: [partnerBusinessId] });
    },
  );

  test('an answer lost after success is settled', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool();
    await meta.fault({ call: 'delete_preverified_number', answerLost: true });
    await attempts(meta.activities().removeNumber, { portfolioId, preverifiedId, sharedWith: [] });
    expect(await meta.control<Listed[]>('numbers')).toMatchObject([{ place: 'deleted' }]);
  });
});

describe('sharing', () => {
  const partnersOf = async (meta: SimulatedMeta) =>
    (await meta.control<{ sharedWith: string[] }[]>('numbers'))[0]?.sharedWith;
  const sharing = (preverifiedId: PreverifiedId) => ({ portfolioId, preverifiedId, partnerBusinessId });

  test('begins and ends; what is so already is a success', async () => {
    await using meta = await SimulatedMeta.start();
    const input = sharing(await meta.inPool());
    const { shareNumber, unshareNumber } = meta.activities();
    await attempt(shareNumber, input);
    await attempt(shareNumber, input);
    expect(await partnersOf(meta)).toEqual([partnerBusinessId]);
    await attempt(unshareNumber, input);
    await attempt(unshareNumber, input);
    expect(await partnersOf(meta)).toEqual([]);
  });

  test('an answer lost after success is settled by the list of partners', async () => {
    await using meta = await SimulatedMeta.start();
    const input = sharing(await meta.inPool());
    await meta.fault({ call: 'share_preverified_numbers', answerLost: true });
    await attempts(meta.activities().shareNumber, input);
    await meta.fault({ call: 'unshare_preverified_numbers', answerLost: true });
    await attempts(meta.activities().unshareNumber, input);
    expect(await partnersOf(meta)).toEqual([]);
    expect(await meta.calls('share_preverified_numbers')).toBe(1);
    expect(await meta.calls('unshare_preverified_numbers')).toBe(1);
  });

  test('sharing that Meta refuses is a failure that names the number, the code and what to do', async () => {
    await using meta = await SimulatedMeta.start();
    const input = sharing(await meta.inPool());
    await meta.fault({ call: 'share_preverified_numbers', error: { code: 100 } });
    const { message } = await failureOf(attempt(meta.activities().shareNumber, input));
    expect(message).toBe(
      `Could not share pre-verified number ${input.preverifiedId} with business ${partnerBusinessId} ` +
        "(Meta's code 100): (#100) Invalid parameter. " +
        'What to do: Check the number and the IDs: Meta does not take them as they are.',
    );
  });
});
