import { registrationPace } from '../../activities/registration';
import type { PhoneNumberId, PreverifiedId, WabaId } from '../../contract/ids';
import {
  attempt,
  attempts,
  failureOf,
  partnerBusinessId,
  phoneNumber,
  portfolioId,
  graphFailureOf,
  SimulatedMeta,
  wabaId,
} from './simulated-meta';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('confirmClaim', () => {
  const claimed = (preverifiedId: PreverifiedId | null, phoneNumberId: PhoneNumberId | null = null) => ({
    phoneNumber,
    wabaId,
    phoneNumberId,
    preverifiedId,
    portfolioId,
    sharedWith: [],
  });
  const found = (phoneNumberId: PhoneNumberId, more: object = {}) => ({
    found: true,
    phoneNumberId,
    verified: true,
    registered: false,
    pin: expect.stringMatching(/^\d{6}$/) as string,
    ...more,
  });

  test('believes the WABA alone, in one call, whatever ID was reported', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId, id))).toEqual(found(id));
    expect(await meta.calls('phone_numbers')).toBe(1);
    expect(await meta.calls('get_phone_number')).toBe(0);
  });

  test('a WABA that does not have the number is not believed for its business phone number, and told as the wrong one', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId, '777' as WabaId);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId, id))).toEqual({
      found: false,
      pool: null,
      otherWaba: true,
    });
  });

  test('a number that somebody added to the WABA by hand is no claim of ours, by its ID and without', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.graph('DELETE', preverifiedId);
    const own = { cc: '1', phone_number: phoneNumber.slice(2), verified_name: 'By hand' };
    const { id } = await meta.graph<{ id: PhoneNumberId }>('POST', `${wabaId}/phone_numbers`, own);
    for (const reported of [null, id]) {
      const look = await attempt(meta.activities().confirmClaim, claimed(preverifiedId, reported));
      expect(look).toEqual({ found: false, pool: null });
    }
  });

  test('looks for the digits on the WABA where no ID was reported, over ragged pages', async () => {
    await using meta = await SimulatedMeta.start({ assumptions: { pages: 'ragged' } });
    for (const last of '234') {
      const other = { portfolioId, phoneNumber: `+1555078388${last}` };
      await meta.claim((await attempt(meta.activities().addNumber, other)).preverifiedId);
    }
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId))).toEqual(found(id));
  });

  test('the number is known on the WABA in its other national form, by its ID and without', async () => {
    await using meta = await SimulatedMeta.start({ assumptions: { nationalForm: 'other' } });
    const { addNumber, confirmClaim } = meta.activities();
    const mexican = { portfolioId, phoneNumber: '+525550123410' };
    const { preverifiedId } = await attempt(addNumber, mexican);
    const id = await meta.claim(preverifiedId);
    for (const reported of [id, null]) {
      const input = { ...claimed(preverifiedId, reported), phoneNumber: mexican.phoneNumber };
      expect(await attempt(confirmClaim, input)).toEqual(found(id, { verified: false }));
    }
  });

  test("an ID that is another number's, or nobody's, proves nothing: the digits on the WABA do", async () => {
    await using meta = await SimulatedMeta.start();
    const other = { portfolioId, phoneNumber: '+15550783882' };
    const others = await meta.claim((await attempt(meta.activities().addNumber, other)).preverifiedId);
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    const { confirmClaim } = meta.activities();
    expect(await attempt(confirmClaim, claimed(preverifiedId, others))).toEqual(found(id));
    expect(await attempt(confirmClaim, claimed(preverifiedId, '404' as PhoneNumberId))).toEqual(found(id));
  });

  test('tells whether it is verified and registered', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    const { confirmClaim, registerNumber } = meta.activities();
    await attempt(registerNumber, { phoneNumberId: id, pin: '424242', dataLocalizationRegion: null });
    expect(await attempt(confirmClaim, claimed(preverifiedId))).toEqual(found(id, { registered: true }));
  });

  test('a number claimed unverified, or lapsed since, is not verified (rule 4)', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    await meta.advance(90);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId, id))).toEqual(
      found(id, { verified: false }),
    );
  });

  test('a number that is not on the WABA is told with what the pool says of it', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId))).toMatchObject({
      found: false,
      pool: { verified: true, expiresAt: expect.any(Number) as number },
    });
    expect(await attempt(meta.activities().confirmClaim, claimed(null))).toEqual({
      found: false,
      pool: null,
    });
  });

  test('a number that is gone from the pool too, is told so', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.claim(preverifiedId, '777' as WabaId);
    expect(await attempt(meta.activities().confirmClaim, claimed(preverifiedId))).toEqual({
      found: false,
      pool: null,
    });
  });

  test('a WABA that we may not see has nothing of a number that is still in the pool', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.fault({ call: 'phone_numbers', error: { code: 100, error_subcode: 33 } });
    const answer = await attempt(meta.activities().confirmClaim, claimed(preverifiedId));
    expect(answer).toMatchObject({ found: false, pool: { verified: true } });
  });

  test('a WABA that we may not see is for a person where the number is gone from the pool', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool();
    await meta.claim(preverifiedId);
    await meta.fault({ call: 'phone_numbers', error: { code: 100, error_subcode: 33 } });
    const told = await graphFailureOf(attempt(meta.activities().confirmClaim, claimed(preverifiedId)));
    expect(told).toMatchObject({ handling: 'account', retryAfter: HOUR });
    expect(told.whatToDo).toContain('WABA');
  });
});

describe('the claim of a shared number', () => {
  test.each([10, 200, 424242])('is confirmed though ending the sharing fails with %i', async (code) => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const id = await meta.claim(preverifiedId);
    await meta.fault({ call: 'unshare_preverified_numbers', error: { code }, times: 5 });
    const input = { phoneNumber, wabaId, phoneNumberId: null, preverifiedId, portfolioId };
    const look = await attempt(meta.activities().confirmClaim, { ...input, sharedWith: [partnerBusinessId] });
    expect(look).toMatchObject({ found: true, phoneNumberId: id });
  });

  test('is looked for again where ending the sharing fails for a moment', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.claim(preverifiedId);
    await meta.fault({ call: 'unshare_preverified_numbers', error: { code: 2 } });
    const input = { phoneNumber, wabaId, phoneNumberId: null, preverifiedId, portfolioId };
    const look = attempt(meta.activities().confirmClaim, { ...input, sharedWith: [partnerBusinessId] });
    expect(await graphFailureOf(look)).toMatchObject({ type: 'GraphTransient' });
  });
});

describe('claimNumber', () => {
  const claim = (preverifiedId: PreverifiedId) => ({
    phoneNumber,
    preverifiedId,
    wabaId,
    verifiedName: 'Lucky Shrub',
  });

  test.each(['sdk', 'doc'] as const)('claims through the API in the %s dialect', async (claimDialect) => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    const { phoneNumberId } = await attempt(
      meta.activities({ claimDialect }).claimNumber,
      claim(preverifiedId),
    );
    expect(await meta.control('numbers')).toMatchObject([
      { place: 'waba', phone: { phoneNumberId, wabaId } },
    ]);
  });

  test('an answer lost after success is settled on the WABA: it is claimed once', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.fault({ call: 'create_phone_number', answerLost: true });
    const { phoneNumberId } = await attempts(meta.activities().claimNumber, claim(preverifiedId));
    expect(await meta.control('numbers')).toMatchObject([{ phone: { phoneNumberId } }]);
    expect(await meta.calls('create_phone_number')).toBe(1);
  });

  test('a call that takes effect only after the next attempt has looked is found when Meta says so', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.fault({ call: 'phone_numbers', barrier: 'looked', hold: 'answer' });
    const second = attempt(meta.activities().claimNumber, claim(preverifiedId), 2);
    await meta.control('barriers/looked');
    const phoneNumberId = await meta.claim(preverifiedId);
    await meta.control('barriers/looked/release', {});
    expect(await second).toEqual({ phoneNumberId });
  });

  test('a number that somebody else has claimed is refused', async () => {
    await using meta = await SimulatedMeta.start();
    const preverifiedId = await meta.inPool(true);
    await meta.claim(preverifiedId, '777' as WabaId);
    expect(await graphFailureOf(attempt(meta.activities().claimNumber, claim(preverifiedId)))).toMatchObject({
      code: '100/33',
      handling: 'number',
    });
  });
});

describe('registerNumber', () => {
  async function claimed(meta: SimulatedMeta, verified = true) {
    const phoneNumberId = await meta.claim(await meta.inPool(verified));
    return { phoneNumberId, pin: '424242', dataLocalizationRegion: null };
  }
  const registered = async (meta: SimulatedMeta) =>
    (await meta.control<{ phone: { registered: boolean } }[]>('numbers'))[0]?.phone.registered;

  test('registers the number for Cloud API', async () => {
    await using meta = await SimulatedMeta.start();
    await attempt(meta.activities().registerNumber, {
      ...(await claimed(meta)),
      dataLocalizationRegion: 'DE',
    });
    expect(await registered(meta)).toBe(true);
    expect(await meta.control('calls?call=register')).toMatchObject([
      { params: { messaging_product: 'whatsapp', data_localization_region: 'DE' } },
    ]);
  });

  test('a PIN that becomes the number’s is ours; one that Meta did not take is not', async () => {
    await using meta = await SimulatedMeta.start({ assumptions: { registeringAgain: 'pinKept' } });
    const input = await claimed(meta);
    const { registerNumber } = meta.activities();
    expect(await attempt(registerNumber, input)).toEqual({ pinOurs: true });
    expect(await attempt(registerNumber, { ...input, pin: '777777' })).toEqual({ pinOurs: false });
  });

  test('an answer lost after success never makes a second registration, and nobody knows whose the PIN is', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', answerLost: true });
    expect(await attempts(meta.activities().registerNumber, input)).toEqual({ pinOurs: null });
    expect(await registered(meta)).toBe(true);
    expect(await meta.calls('register')).toBe(1);
  });

  test('a request lost before success is made again', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', dropped: true });
    await attempts(meta.activities().registerNumber, input);
    expect(await registered(meta)).toBe(true);
  });

  test('133000: the deregistration is done again, then the registration', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 133000 } });
    // The simulator's number is not registered, and says so with 133010: just what was wanted.
    await attempt(meta.activities().registerNumber, input);
    expect(await registered(meta)).toBe(true);
    expect(await meta.calls('deregister')).toBe(1);
    expect(await meta.calls('register')).toBe(2);
  });

  test('131045: it is registered again, in a minute', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 131045 } });
    const failure = await failureOf(attempt(meta.activities().registerNumber, input));
    expect(failure).toMatchObject({ type: 'GraphTransient', nextRetryDelay: MINUTE });
    await attempt(meta.activities().registerNumber, input, 2);
    expect(await registered(meta)).toBe(true);
  });

  test.each([
    [133005, 'pin', null],
    [133006, 'verifyFirst', null],
    [133008, 'wait', 12 * HOUR],
    [133016, 'wait', 72 * HOUR],
  ])('%i is for the chart: %s', async (code, handling, retryAfter) => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code } });
    expect(await graphFailureOf(attempt(meta.activities().registerNumber, input))).toMatchObject({
      type: 'GraphError',
      code: String(code),
      handling,
      retryAfter,
    });
    expect(await meta.calls('register')).toBe(1);
  });

  test.each([
    [190, true],
    [10, true],
    [200, true],
    [131042, true],
    // Nobody lists it: Meta may have counted it.
    [424242, false],
    [133005, false],
  ])('%i is told as turned away before Meta counts it: %s', async (code, turnedAway) => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code }, times: 2 });
    const { registerNumber } = meta.activities();
    const { turnedAway: told = false } = await graphFailureOf(attempt(registerNumber, input));
    expect(told).toBe(turnedAway);
    // An attempt came before, which Meta may have counted.
    expect(await graphFailureOf(attempt(registerNumber, input, 2))).not.toHaveProperty('turnedAway');
  });

  test('a display name that is not ready is waited for: an hour at first, a day at most', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 100, error_subcode: 2388001 } });
    const told = await graphFailureOf(attempt(meta.activities().registerNumber, input));
    expect(told).toMatchObject({
      type: 'GraphError',
      code: '100/2388001',
      handling: 'wait',
      retryAfter: HOUR,
      retryAfterAtMost: 24 * HOUR,
    });
    expect(told.whatToDo).toContain('display name');
  });

  test('an unverified number must be verified first', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta, false);
    expect(await graphFailureOf(attempt(meta.activities().registerNumber, input))).toMatchObject({
      handling: 'verifyFirst',
    });
  });

  test('133015 waits its five minutes with Temporal', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 133015 } });
    expect(await failureOf(attempt(meta.activities().registerNumber, input))).toMatchObject({
      type: 'GraphTransient',
      nextRetryDelay: 5 * MINUTE,
    });
  });

  test('retries slow down, so that there are never more than ten registrations in 72 hours', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 131000 }, times: 20 });
    const tried = [0];
    for (let number = 1; number <= 20; number++) {
      const failure = await failureOf(attempt(meta.activities().registerNumber, input, number));
      tried.push(tried.at(-1)! + Number(failure.nextRetryDelay));
    }
    expect(tried[1]).toBe(10_000);
    for (const at of tried) {
      expect(tried.filter((other) => other > at - 72 * HOUR && other <= at).length).toBeLessThanOrEqual(10);
    }
  });

  test.each([
    ['lost on its way back', { answerLost: true }],
    ['a bare 502', { error: { status: 502, emptyBody: true } }],
  ])('an answer that is %s is not hurried after: Meta may have counted the call', async (_, fault) => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', ...fault });
    const failure = await failureOf(attempt(meta.activities().registerNumber, input));
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(registrationPace(1));
  });

  test('a call that was never sent, or a reading before it, is soon made again', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    const unreachable = meta.activities({ baseUrl: 'http://127.0.0.1:9' });
    expect((await failureOf(attempt(unreachable.registerNumber, input))).nextRetryDelay ?? null).toBeNull();
    await meta.fault({ call: 'get_phone_number', error: { status: 502, emptyBody: true } });
    const { registerNumber } = meta.activities();
    expect((await failureOf(attempt(registerNumber, input, 5))).nextRetryDelay ?? null).toBeNull();
    expect(await meta.calls('register')).toBe(0);
  });

  test('a PIN is in no failure', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await claimed(meta);
    await meta.fault({ call: 'register', error: { code: 133005, message: 'PIN 424242 is wrong' } });
    const failure = await failureOf(attempt(meta.activities().registerNumber, input));
    expect(JSON.stringify([failure.message, failure.details, failure.stack])).not.toContain('424242');
    expect(failure.message).toContain('[redacted]');
  });
});
