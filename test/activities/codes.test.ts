import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { CodeTarget } from '../../contract/number-activities';
import type { PreverifiedId } from '../../contract/ids';
import { metaError, ScriptedGraph, success } from '../graph/scripted-graph';
import { createNumberActivities } from '../../activities';
import { quietLogger } from '../support/quiet';
import { attempt, attempts, phoneNumber, POLICY_DAY, graphFailureOf, SimulatedMeta } from './simulated-meta';

const HOUR = 3_600_000;

const target = (id: PreverifiedId): CodeTarget => ({ kind: 'preverified', id });
const sms = (id: PreverifiedId) => ({ target: target(id), method: 'SMS' as const, language: 'en_US' });

describe('requestCode', () => {
  test('has Meta send a code', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    expect(await attempt(meta.activities().requestCode, sms(id))).toEqual({ outcome: 'sent' });
    expect(await meta.messages()).toMatchObject([{ method: 'SMS' }]);
  });

  test.each([
    ['an answer lost after success', { answerLost: true }],
    ['a 5xx without a body', { error: { status: 502, emptyBody: true } }],
  ])('%s is told as unknown, and no second code is asked for', async (_name, fault) => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    await meta.fault({ call: 'request_code', ...fault });
    expect(await attempt(meta.activities().requestCode, sms(id))).toEqual({ outcome: 'unknown' });
    expect(await meta.calls('request_code')).toBe(1);
  });

  test('a time limit passed is told as unknown', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    await meta.fault({ call: 'request_code', barrier: 'never', hold: 'answer' });
    expect(await attempt(meta.activities({ timeout: 100 }).requestCode, sms(id))).toEqual({
      outcome: 'unknown',
    });
  });

  test.each([
    [{ code: 2 }, '2', 5_000],
    [{ code: 1 }, '1', 60_000],
    [{ code: 136024, error_subcode: 2388367 }, '136024/2388367', 12 * HOUR],
    [{ code: 136024, error_subcode: 2494158 }, '136024/2494158', 12 * HOUR],
    [{ code: 136024 }, '136024', HOUR],
  ])('%p is for the chart to wait for', async (error, code, retryAfter) => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    await meta.fault({ call: 'request_code', error });
    expect(await graphFailureOf(attempt(meta.activities().requestCode, sms(id)))).toMatchObject({
      type: 'GraphError',
      code,
      handling: 'wait',
      retryAfter,
    });
  });

  test('a request that surely never left is for the chart to make again soon', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    const { requestCode } = meta.activities({ baseUrl: 'http://graph.invalid' });
    expect(await graphFailureOf(attempt(requestCode, sms(id)))).toMatchObject({
      type: 'GraphError',
      code: 'network',
      handling: 'wait',
      retryAfter: 5_000,
    });
  });

  test('a landline that gets no message calls for the other method in an hour', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool();
    await meta.control('phones', { number: phoneNumber, SMS: 'refused' });
    expect(await graphFailureOf(attempt(meta.activities().requestCode, sms(id)))).toMatchObject({
      code: '136024/2388091',
      handling: 'codeNotSent',
      retryAfter: HOUR,
    });
  });

  test('asked too early, a number is told as verified already with its times (rule 3)', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool(true);
    const answer = await attempt(meta.activities().requestCode, sms(id));
    if (answer.outcome !== 'alreadyVerified') throw new Error(answer.outcome);
    const { verified, verifiedAt, expiresAt } = answer.verification;
    expect(verified).toBe(true);
    expect(expiresAt).toBe((verifiedAt ?? 0) + 90 * POLICY_DAY);
    expect(await meta.messages()).toHaveLength(1);
  });

  describe('stopped in flight', () => {
    async function stopped(reason: 'CANCELLED' | 'WORKER_SHUTDOWN') {
      await using meta = await SimulatedMeta.start();
      const id = await meta.inPool();
      await meta.fault({ call: 'request_code', barrier: 'held', hold: 'answer' });
      const environment = new MockActivityEnvironment({}, { logger: quietLogger });
      const answer = environment.run(meta.activities().requestCode, sms(id)).catch((error: unknown) => error);
      await meta.control('barriers/held');
      const cancelRequested = reason === 'CANCELLED';
      environment.cancel(reason, { cancelRequested } as never);
      return await answer;
    }

    test('by the workflow, it is cancelled', async () => {
      expect(await stopped('CANCELLED')).toBeInstanceOf(CancelledFailure);
    });

    test('by a worker that shuts down, its outcome is unknown', async () => {
      expect(await stopped('WORKER_SHUTDOWN')).toEqual({ outcome: 'unknown' });
    });
  });
});

describe('verifyCode', () => {
  async function requested(meta: SimulatedMeta, id: PreverifiedId) {
    await attempt(meta.activities().requestCode, sms(id));
    return { target: target(id), code: await meta.lastCode(), verifiedBefore: null as number | null };
  }

  test('hands the code in and brings the times that Meta states', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await requested(meta, await meta.inPool());
    const answer = await attempt(meta.activities().verifyCode, input);
    if (answer.outcome !== 'verified') throw new Error(answer.message);
    expect(answer.verification.verified).toBe(true);
    expect(answer.verification.expiresAt).toBe((answer.verification.verifiedAt ?? 0) + 90 * POLICY_DAY);
  });

  test('a wrong code is an answer, not a failure', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await requested(meta, await meta.inPool());
    const code = input.code === '000000' ? '111111' : '000000';
    const answer = await attempt(meta.activities().verifyCode, { ...input, code });
    expect(answer).toMatchObject({ outcome: 'wrongCode' });
    expect(JSON.stringify(answer)).not.toContain(code);
    expect(await attempt(meta.activities().verifyCode, { ...input, code }, 2)).toMatchObject({
      outcome: 'wrongCode',
    });
  });

  test('an answer lost after success is settled by reading: the code is handed in once', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await requested(meta, await meta.inPool());
    await meta.fault({ call: 'verify_code', answerLost: true });
    expect(await attempts(meta.activities().verifyCode, input)).toMatchObject({
      outcome: 'verified',
      verification: { verified: true, expiresAt: expect.any(Number) as number },
    });
    expect(await meta.calls('verify_code')).toBe(1);
  });

  test('a renewal whose answer was lost is told from the verification before it', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.inPool(true);
    const before = await attempt(meta.activities().requestCode, sms(id));
    if (before.outcome !== 'alreadyVerified') throw new Error(before.outcome);
    const verifiedBefore = before.verification.verifiedAt;
    await meta.advance(60);
    const input = { ...(await requested(meta, id)), verifiedBefore };
    await meta.fault({ call: 'verify_code', dropped: true });
    await meta.fault({ call: 'verify_code', answerLost: true });
    const handedIn = await meta.calls('verify_code');
    const answer = await attempts(meta.activities().verifyCode, input);
    if (answer.outcome !== 'verified') throw new Error(answer.message);
    expect(answer.verification.verifiedAt).toBeGreaterThan((verifiedBefore ?? 0) + 59 * POLICY_DAY);
    // Dropped, then lost, then read.
    expect((await meta.calls('verify_code')) - handedIn).toBe(2);
  });

  test('success stands when the times cannot be read just then: the next attempt reads them', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await requested(meta, await meta.inPool());
    await meta.fault({ call: 'get_preverified_number', error: { code: 2 } });
    expect(await attempts(meta.activities().verifyCode, input)).toMatchObject({
      outcome: 'verified',
      verification: { verified: true, expiresAt: expect.any(Number) as number },
    });
    expect(await meta.calls('verify_code')).toBe(1);
  });

  test('success stands when the times may not be read: they are left open', async () => {
    await using meta = await SimulatedMeta.start();
    const input = await requested(meta, await meta.inPool());
    await meta.fault({ call: 'get_preverified_number', error: { code: 10 } });
    expect(await attempts(meta.activities().verifyCode, input)).toEqual({
      outcome: 'verified',
      verification: { verified: true, verifiedAt: null, expiresAt: null },
    });
  });

  test('a business phone number that lapsed is verified again, its lost answer settled', async () => {
    await using meta = await SimulatedMeta.start();
    const id = await meta.claim(await meta.inPool(true));
    await meta.advance(91);
    const lapsed = { kind: 'business' as const, id };
    await attempt(meta.activities().requestCode, { target: lapsed, method: 'VOICE', language: 'en_US' });
    const code = /\d{6}/.exec((await meta.messages()).at(-1)?.text ?? '')?.[0] ?? '';
    const handedIn = await meta.calls('verify_code');
    await meta.fault({ call: 'verify_code', answerLost: true });
    expect(await attempts(meta.activities().verifyCode, { target: lapsed, code, verifiedBefore: 1 })).toEqual(
      {
        outcome: 'verified',
        verification: { verified: true, verifiedAt: null, expiresAt: null },
      },
    );
    expect((await meta.calls('verify_code')) - handedIn).toBe(1);
  });

  describe('when Meta reads behind its own writing', () => {
    const input = { target: target('1' as PreverifiedId), code: '123456', verifiedBefore: 1_700_000_000_000 };
    const read = (seconds: number, code_verification_status = 'VERIFIED') => ({
      json: {
        id: '1',
        phone_number: '15550783881',
        code_verification_status,
        code_verification_time: seconds,
        verification_expiry_time: seconds + 90,
      },
    });
    const activities = (graph: ScriptedGraph) =>
      createNumberActivities({ graph: graph.client(), policyDay: POLICY_DAY });

    test('times from before the success are not taken for its own', async () => {
      await using graph = await ScriptedGraph.start(success, read(1_700_000_000));
      expect(await attempt(activities(graph).verifyCode, input)).toEqual({
        outcome: 'verified',
        verification: { verified: true, verifiedAt: null, expiresAt: null },
      });
    });

    test('a code refused because an attempt before took it is no wrong code', async () => {
      await using graph = await ScriptedGraph.start(
        read(1_700_000_000),
        metaError(136025, { subcode: 2388093 }),
        read(1_700_000_500),
      );
      expect(await attempt(activities(graph).verifyCode, input, 2)).toEqual({
        outcome: 'verified',
        verification: { verified: true, verifiedAt: 1_700_000_500_000, expiresAt: 1_700_000_590_000 },
      });
    });

    test('a verification without times is not taken for a new one', async () => {
      await using graph = await ScriptedGraph.start(read(0), metaError(136025), read(0));
      expect(await attempt(activities(graph).verifyCode, input, 2)).toMatchObject({ outcome: 'wrongCode' });
    });
  });
});
