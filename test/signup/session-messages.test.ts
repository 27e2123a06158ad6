import { createSecretKey, randomInt } from 'node:crypto';
import fc from 'fast-check';
import { read } from '../../gateway/body';
import { describe as describeMessage, SessionMessage } from '../../gateway/signup/session-message';
import { SessionTokens } from '../../gateway/signup/session-tokens';
import { claimsIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { readMessage } from '../../contract/messages';
import { dataConverter } from '../../temporal/data-converter';
import cases from '../cases/signup-messages.json';
import { heldFor, startNumber, TestGateway } from '../gateway/gateway';
import { secrets } from '../gateway/sender';
import { ownNamespace, type TestServer } from '../support/servers';

jest.setTimeout(60_000);

let temporal: TestServer;
let gateway: TestGateway;

beforeAll(async () => {
  temporal = await ownNamespace({ dataConverter: dataConverter({ payloads: { keys: [] } }) });
  gateway = await TestGateway.open(temporal.env.client);
});

afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

const customerId = 'lucky-shrub';
let numbers = 0;

/** A number that is reserved for a customer, and keeps what it is sent. */
async function signup() {
  const number = `1555078${String(++numbers).padStart(4, '0')}`;
  await startNumber(temporal.env.client, number);
  const tokens = new SessionTokens([createSecretKey(secrets.app, 'utf8')]);
  const expiresAt = Date.now() + 60_000;
  const of = { id: `session of ${number}`, reservationId: '1-1', phoneNumber: number, customerId };
  const token = tokens.seal({ ...of, country: null, version: 'v4', expiresAt });
  return {
    post: (message: unknown) => postJson(JSON.stringify({ token, message })),
    postAsWritten: (message: string) => postJson(`{"token":"${token}","message":${message}}`),
    signals: () => heldFor(temporal.env.client, workflowIdOf(number)),
  };
}

const postJson = (body: string) => gateway.send({ method: 'POST', url: '/signup/events', headers: {}, body });

const searches = async (wabaId: string) =>
  (await heldFor(temporal.env.client, claimsIdOf(wabaId)).catch(() => [])).length;
const newWaba = () => String(randomInt(1, 2 ** 47));

interface Effect {
  claim?: { wabaId: string; phoneNumberId?: string };
  neverRegister?: boolean;
  look?: string;
  release?: boolean;
  note?: string;
}

describe('what the popup posts has its effect, and no other', () => {
  const [wabaId] = ['410200400500601'];
  const search = () => temporal.env.client.workflow.getHandle(claimsIdOf(wabaId));
  const isSearched = () =>
    search()
      .describe()
      .then(
        ({ status }) => status.name === 'RUNNING',
        () => false,
      );
  // One that runs is joined.
  afterEach(async () => {
    if (await isSearched()) await search().terminate();
  });

  test.each(cases as { why: string; message: unknown; effect: Effect }[])(
    '$why',
    async ({ message, effect }) => {
      const { post, signals } = await signup();
      expect((await post(message)).status).toBe(202);

      const sent = await signals();
      const claims = sent.filter(({ name }) => name === 'claim').map(({ payload }) => payload);
      expect(
        claims.map(({ wabaId, phoneNumberId }) => ({ wabaId, ...(phoneNumberId && { phoneNumberId }) })),
      ).toEqual(effect.claim ? [effect.claim] : []);
      for (const { source } of claims) {
        expect(source === 'signup FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING').toBe(
          effect.neverRegister === true,
        );
      }
      const releases = sent.filter(({ name }) => name === 'release');
      expect(releases.map(({ payload }) => payload.customerId)).toEqual(effect.release ? [customerId] : []);
      expect(await isSearched()).toBe(effect.look === wabaId);
      const words = sent.map(({ payload }) => String(payload.reason)).join();
      expect(words).toContain(effect.note ?? '');
      if (effect.note === undefined) expect(words).not.toContain(': The');
    },
  );
});

describe('a message', () => {
  test('with an ID of 17 digits as a number names that ID, not the one that JSON.parse would round it to', async () => {
    const { postAsWritten, signals } = await signup();
    const message = `{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":90071992547409931,"phone_number_id":90071992547409933}}`;
    expect((await postAsWritten(message)).status).toBe(202);
    expect((await postAsWritten(JSON.stringify(message))).status).toBe(200);
    expect((await signals())[0]?.payload).toMatchObject({
      wabaId: '90071992547409931',
      phoneNumberId: '90071992547409933',
    });
  });

  test('with several WABAs reports the first and has one more searched', async () => {
    const { post, signals } = await signup();
    const wabas = Array.from({ length: 8 }, newWaba);
    const data = { waba_id: wabas[0], waba_ids: wabas };
    expect((await post({ type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data })).status).toBe(202);
    expect((await signals()).map(({ payload }) => payload.wabaId)).toEqual([wabas[0]]);
    expect(await Promise.all(wabas.map(searches))).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });

  test.each([
    ['FINISH', 400],
    ['FINISH_ONLY_WABA', 400],
    ['SOMETHING_NEW', 200],
  ])('%s that names no WABA does nothing: %i', async (event, status) => {
    const { post, signals } = await signup();
    for (const data of [undefined, null, '', {}, { waba_id: null, waba_ids: [] }, { waba_id: '0' }, [], 7]) {
      expect((await post({ type: 'WA_EMBEDDED_SIGNUP', event, data })).status).toBe(status);
    }
    expect(await signals()).toEqual([]);
  });

  test('of errors is taken so often as a person meets them, and not more often', async () => {
    const { post } = await signup();
    const other = await signup();
    const error = (words: string) => ({
      type: 'WA_EMBEDDED_SIGNUP',
      event: 'ERROR',
      data: { error_message: words },
    });
    const answers: number[] = [];
    for (let count = 0; count <= 3; count++) answers.push((await post(error(String(count)))).status);
    expect(answers).toEqual([202, 202, 202, 409]);
    expect((await post({ type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL' })).status).toBe(202);
    expect((await other.post(error('1'))).status).toBe(202);
  });
});

describe('whatever form Meta or a page gives it', () => {
  const id = fc.bigInt({ min: 1n, max: 10n ** 17n }).map(String);
  /** An ID as text, in blanks, or marked to be written as a number. */
  const written = (value: string) => fc.constantFrom(value, ` ${value}\n`, `number ${value}`);
  const absent = fc.constantFrom({}, null, '', ' ', 'none', '0', [], {}, true);
  const asJson = (body: unknown) => JSON.stringify(body).replace(/"number (\d+)"/g, '$1');
  const readJson = (json: string) => read(json, SessionMessage);

  test('a claim is the same claim', () => {
    const forms = fc.tuple(id, id).chain(([wabaId, phoneNumberId]) =>
      fc.record({
        wabaId: fc.constant(wabaId),
        phoneNumberId: fc.constant(phoneNumberId),
        wabaIn: fc.oneof(
          written(wabaId).map((waba_id) => ({ waba_id })),
          fc.tuple(written(wabaId), absent).map(([one, waba_id]) => ({ waba_ids: [one], waba_id })),
          fc
            .tuple(written(wabaId), written(wabaId))
            .map(([waba_id, one]) => ({ waba_id, waba_ids: [one, null] })),
        ),
        phone: written(phoneNumberId),
        business: fc.oneof(absent, id),
        more: fc.dictionary(fc.constantFrom('page_ids', 'catalog_ids', 'current_step', 'x'), fc.jsonValue()),
        twice: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(forms, ({ wabaId, phoneNumberId, wabaIn, phone, business, more, twice }) => {
        const data = { ...more, ...wabaIn, phone_number_id: phone, business_id: business };
        const plain = asJson(data);
        const message = `{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":${twice ? JSON.stringify(plain) : plain}}`;
        expect(readJson(message)).toMatchObject({ event: 'FINISH', wabaIds: [wabaId], phoneNumberId });
      }),
    );
  });

  test('any data is read, and what is kept of it is a reason that a number accepts', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('CANCEL', 'ERROR', 'FINISH'),
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            current_step: fc.oneof(fc.jsonValue(), fc.constant('PERMISSIONS')),
            error_code: fc.oneof(fc.jsonValue(), fc.integer()),
            error_message: fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 400 })),
          }),
        ),
        (event, data) => {
          const message = read(JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event, data }), SessionMessage);
          const reason = describeMessage(message);
          expect(readMessage('refresh', { reason }).ok).toBe(true);
          expect(reason).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
          expect(reason).not.toMatch(/\p{Cs}/u);
        },
      ),
    );
  });
});
