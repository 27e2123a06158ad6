import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { dataConverter } from '../../temporal/data-converter';
import { claimsIdOf } from '../../contract/workflow-ids';
import { accountUpdates, Delivery } from '../../gateway/meta/delivery';
import { parseJson, read } from '../../gateway/body';
import cases from '../cases/meta-deliveries.json';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, heldFor, TestGateway } from './gateway';
import { batch, meta, partnerAdded } from './sender';

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

const searches = async (wabaId: string) =>
  (await heldFor(temporal.env.client, claimsIdOf(wabaId)).catch(() => [])).length;

/** Every ID that a delivery names, WABAs and others. */
const idsIn = (body: unknown) => new Set(JSON.stringify(body).match(/\b\d+\b/g));

describe('of a signed delivery each WABA that may hold numbers is searched, and nothing else', () => {
  test.each(cases)('$why', async ({ body, status, looksAt, left }) => {
    const before = gateway.log.length;
    const letter = meta(body);
    expect(status).toContain((await gateway.send(letter)).status);
    for (const wabaId of looksAt) expect(await searches(wabaId)).toBe(1);
    const others = [...idsIn(body)].filter((id) => !(looksAt as string[]).includes(id));
    for (const id of others) expect([id, await searches(id)]).toEqual([id, 0]);

    const told = gateway.log.slice(before).match(/(?<=WABA )\d+(?= has left)/g) ?? [];
    expect(told).toEqual(left);

    // Meta's repeat is acknowledged and searches nothing again.
    expect((await gateway.send(letter)).status).toBe(200);
    for (const wabaId of looksAt) expect(await searches(wabaId)).toBe(1);
  });
});

const newWaba = () => String(randomInt(1, 2 ** 47));
const update = (value: object, id: unknown = '506914307656634') => ({
  id,
  changes: [{ field: 'account_update', value }],
});

test('a WABA ID of 17 digits survives as a number, which JSON.parse would round to its neighbour', async () => {
  const wabaId = '90071992547409931';
  const body = JSON.stringify(batch(partnerAdded(wabaId))).replace(`"${wabaId}"`, wabaId);
  expect((await gateway.send(meta(body))).status).toBe(202);
  expect(await searches(wabaId)).toBe(1);
});

test('a WABA that leaves in the same delivery in which it came is not searched; one that comes back is', async () => {
  const [gone, back] = [newWaba(), newWaba()];
  const event = (name: string, wabaId: string) => update({ event: name, waba_info: { waba_id: wabaId } });
  await gateway.send(
    meta(
      batch(
        event('PARTNER_ADDED', gone),
        event('PARTNER_REMOVED', gone),
        event('PARTNER_REMOVED', back),
        event('PARTNER_ADDED', back),
      ),
    ),
  );
  expect([await searches(gone), await searches(back)]).toEqual([0, 1]);
});

test.each([
  ['offboarded', 'ACCOUNT_OFFBOARDED'],
  ['deleted', 'ACCOUNT_DELETED'],
])('a WABA that was %s is not searched', async (_, event) => {
  const wabaId = newWaba();
  expect((await gateway.send(meta(batch(update({ event }, wabaId))))).status).toBe(200);
  expect(await searches(wabaId)).toBe(0);
});

test('an event of our own portfolio is not searched as if that were a WABA', async () => {
  const portfolioId = newWaba();
  const ours = await TestGateway.open(temporal.env.client, { ...everySecret, PORTFOLIO_ID: portfolioId });
  const events = [update({ event: 'VERIFIED_ACCOUNT' }, portfolioId), update({}, portfolioId)];
  const certified = update({ event: 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE' }, newWaba());
  expect((await ours.send(meta(batch(...events, certified)))).status).toBe(200);
  expect(await searches(portfolioId)).toBe(0);
  await ours.close();
});

test.each([
  ['an empty object', {}],
  ['entry null', { entry: null }],
  ['entry empty', { entry: [] }],
  ['entries that are none', { entry: [null, 7, 'x', [], {}] }],
  ['changes that are none', { entry: [{ id: '1', changes: 'all' }, { changes: [null, 7, 'x', [], {}] }] }],
])('a signed delivery with nothing to act on is acknowledged: %s', async (_, body) => {
  expect((await gateway.send(meta(body))).status).toBe(200);
});

test('entry as one object is read like a list of one', async () => {
  const wabaId = newWaba();
  expect((await gateway.send(meta({ entry: partnerAdded(wabaId) }))).status).toBe(202);
  expect(await searches(wabaId)).toBe(1);
});

describe('whatever stands around them', () => {
  const noise = fc.oneof(
    fc.constantFrom(null, 0, '', 'x', true, [], {}),
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ field: fc.constantFrom('messages', 'security', '', null), value: fc.jsonValue() }),
  );
  const id = fc.bigInt({ min: 10n ** 9n, max: 10n ** 17n }).map(String);
  /** A WABA ID as text, or marked to be written as a number. */
  const written = (wabaId: string) => fc.constantFrom(wabaId, `number ${wabaId}`);
  const asJson = (body: unknown) => JSON.stringify(body).replace(/"number (\d+)"/g, '$1');
  const place = fc.constantFrom('change', 'value', 'entry', 'nowhere');
  const time = fc.constantFrom({}, { time: 1772000000 }, { time: '1772000000' }, { time: null });

  /** An entry with one account update about a WABA, wherever `field` stands, with noise around it. */
  const entryOf = (event: string, wabaId: string) =>
    fc
      .tuple(
        place,
        written(wabaId),
        time,
        fc.array(noise, { maxLength: 2 }),
        fc.array(noise, { maxLength: 2 }),
      )
      .map(([where, waba, when, before, after]) => {
        const field = { field: 'account_update' };
        const value = { event, waba_info: { waba_id: waba }, ...(where === 'value' && field) };
        const change = { value, ...(where === 'change' && field) };
        // Beside `changes` it would be the noise's, too.
        const changes = where === 'entry' ? [change] : [...before, change, ...after];
        return { id: '506914307656634', ...when, changes, ...(where === 'entry' && field) };
      });
  const came = id.chain((wabaId) =>
    fc.tuple(
      fc.constant(wabaId),
      fc.constantFrom('PARTNER_ADDED', 'PARTNER_APP_INSTALLED').chain((event) => entryOf(event, wabaId)),
    ),
  );
  const went = id.chain((wabaId) =>
    fc.tuple(
      fc.constant(wabaId),
      fc.constantFrom('PARTNER_REMOVED', 'PARTNER_APP_UNINSTALLED').chain((event) => entryOf(event, wabaId)),
    ),
  );

  const updatesOf = (json: string) => accountUpdates(read(parseJson(json), Delivery), null);

  test('those that came and those that went are found, and no others', () => {
    const parts = fc.record({
      came: fc.uniqueArray(came, { maxLength: 4, selector: ([wabaId]) => wabaId }),
      went: fc.uniqueArray(went, { maxLength: 3, selector: ([wabaId]) => wabaId }),
      noise: fc.array(noise, { maxLength: 4 }),
    });
    const delivery = parts.chain(({ came, went, noise }) => {
      const entries = [...came, ...went].map(([, entry]): unknown => entry);
      return fc.record({
        came: fc.constant(came.map(([wabaId]) => wabaId)),
        went: fc.constant(went.map(([wabaId]) => wabaId)),
        entry: fc.shuffledSubarray([...entries, ...noise], { minLength: entries.length + noise.length }),
      });
    });
    fc.assert(
      fc.property(delivery, ({ came, went, entry }) => {
        fc.pre(!came.some((wabaId) => went.includes(wabaId)));
        const { changed, left } = updatesOf(asJson({ entry }));
        expect(changed.map(({ wabaId }) => wabaId).sort()).toEqual([...came].sort());
        expect(left.map(({ wabaId }) => wabaId).sort()).toEqual([...went].sort());
      }),
      { numRuns: 1000 },
    );
  });

  test('any JSON with a list of entries is read without a fault', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (entry) => {
        expect(() => updatesOf(JSON.stringify({ entry }))).not.toThrow();
      }),
    );
  });
});

describe('JSON is read as it is written', () => {
  test('but for long integers, which stay what they are as text', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const short = json.replace(/\d{16,}/g, '7');
        expect(parseJson(short)).toEqual(JSON.parse(short));
      }),
    );
    const text =
      '{"a":"12345678901234567 \\" 12345678901234567","b":[12345678901234567,-12345678901234567,1.2345678901234567]}';
    expect(parseJson(text)).toEqual({
      ...(JSON.parse(text) as object),
      b: ['12345678901234567', -12345678901234567, 1.2345678901234567],
    });
  });

  test('also 4 MB of one text full of escapes beside a long integer', () => {
    const long = `{"id":12345678901234567,"text":"${'\\"'.repeat(2 * 1024 * 1024)}"}`;
    expect(parseJson(long)).toMatchObject({ id: '12345678901234567' });
  });

  test.each(['\\"', '"\\'])(
    'in a time that grows as its length where a text full of %j is never closed',
    (part) => {
      /** The shortest of a few, in milliseconds: others use the machine, too. */
      const timeOf = (kibibytes: number) => {
        const json = `{"1234567890123456":"${part.repeat(kibibytes * 512)}`;
        const times = [1, 2, 3].map(() => {
          const begun = performance.now();
          expect(() => parseJson(json)).toThrow(SyntaxError);
          return performance.now() - begun;
        });
        return Math.min(...times);
      };
      // Eight times the length. Where every quotation mark is read to the end, it is 64 times the time, and seconds.
      expect(timeOf(64)).toBeLessThan(24 * Math.max(timeOf(8), 1));
    },
  );
});
