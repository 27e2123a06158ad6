import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BusinessId, WabaId } from '../../contract/ids';
import { openRecords, type Records } from '../../records';
import { readSettings } from '../../settings';
import { kinds, testDatabase, type TestDatabase } from './databases';

const waba = '102290129340398' as WabaId;
const other = '102290129340399' as WabaId;
const secret = 'EAAsecretOfLuckyShrub0123456789';
const key = (id: string, letter: string) => `${id}:${Buffer.alloc(32, letter).toString('base64')}`;
const kept = {
  wabaId: waba,
  businessId: '506914307656634' as BusinessId,
  customerId: 'lucky-shrub',
  token: secret,
  scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
  expiresAt: null,
  by: 'signup page',
  at: '2026-11-01T10:00:00.000Z',
};

/** As a call knows the token that it was made with. */
const used = { wabaId: waba, keptAt: kept.at };

describe.each(kinds)("customers' tokens on %s", (kind) => {
  let database: TestDatabase;
  const opened: Records[] = [];

  beforeAll(async () => {
    database = await testDatabase(kind);
  });
  afterAll(async () => {
    await Promise.all(opened.map((records) => records.close()));
    await database.close();
  });

  const open = async (PAYLOAD_KEYS: string, namespace = 'default') => {
    const records = await openRecords(
      readSettings(['records', 'temporal', 'payloads'], {
        RECORDS_URL: database.url,
        TEMPORAL_NAMESPACE: namespace,
        PAYLOAD_KEYS,
      }),
    );
    opened.push(records);
    return records;
  };
  /** Tokens of a namespace that no other test has. */
  let namespaces = 0;
  const fresh = async (keys = key('k1', 'a')) => {
    const namespace = `test-${String(++namespaces)}`;
    return { namespace, tokens: (await open(keys, namespace)).customerTokens };
  };
  test('a token goes before the failure that another gateway noted for the same code meanwhile', async () => {
    const { signupExchanges } = await open(key('k1', 'a'), 'raced');
    const added = { id: 'hash', session: 's', customerId: 'acme', phoneNumber: '15550783881', named: [waba] };
    const at = '2026-11-01T10:00:00.000Z';
    await signupExchanges.fail({ ...added, at }, 'The code brought no token: it was used.');
    await signupExchanges.keep({ ...added, at }, secret);
    expect(await signupExchanges.find('hash')).toMatchObject({ problem: null, nextTryAt: at });
    expect(await signupExchanges.tokenOf('hash')).toBe(secret);
    // Once more changes nothing, and neither does a failure that comes late.
    await signupExchanges.step((await signupExchanges.find('hash'))!, { nextTryAt: null });
    await signupExchanges.keep({ ...added, at }, 'another');
    await signupExchanges.fail({ ...added, at }, 'The code brought no token: it was used.');
    expect(await signupExchanges.find('hash')).toMatchObject({ problem: null, nextTryAt: null });
    expect(await signupExchanges.tokenOf('hash')).toBe(secret);
  });

  test('a code finds what messages of its signup named before it came, whether it brought a token or none', async () => {
    const { signupExchanges } = await open(key('k1', 'a'), 'named-before');
    const at = (second: number) => `2026-11-01T10:00:0${String(second)}.000Z`;
    const added = (id: string, session: string) => ({
      ...{ id, session, customerId: 'acme', phoneNumber: '15550783881', at: at(3), named: [] },
    });
    const namedOf = async (id: string) => (await signupExchanges.find(id))?.named;
    await signupExchanges.name('s', [waba], at(1));
    await signupExchanges.name('s', [waba, other], at(2));
    await signupExchanges.keep(added('first', 's'), secret);
    await signupExchanges.keep(added('of another signup', 't'), secret);
    const late = { ...added('too late', 's'), at: at(4) };
    await signupExchanges.fail(late, 'The code brought no token: it was too old.');
    expect(await namedOf('first')).toEqual([waba, other]);
    expect(await namedOf('of another signup')).toEqual([]);
    expect(await signupExchanges.failureOf(other, '15550783881')).toMatchObject({
      problem: expect.stringMatching('too old'),
    });
    // What was named goes with the codes that came at its time.
    await signupExchanges.forget(at(2));
    await signupExchanges.keep(added('second', 's'), secret);
    expect(await namedOf('second')).toEqual([other]);
  });

  test('a code that failed is told of the WABA that it named for its own number alone, and of none whose token is held', async () => {
    const { signupExchanges, customerTokens } = await open(key('k1', 'a'), 'failed-codes');
    const [theirs, foreign] = ['5511987654399', '15550783889'];
    const added = (id: string, phoneNumber: string, second: number) => ({
      ...{ id, session: id, customerId: 'acme', phoneNumber, named: [waba] },
      at: `2026-11-01T10:00:0${String(second)}.000Z`,
    });
    await signupExchanges.fail(added('own', theirs, 1), 'It was too old.');
    await signupExchanges.fail(added('of an attacker', foreign, 2), 'It was made up.');
    // In the form that Brazil had before.
    expect(await signupExchanges.failureOf(waba, '551187654399')).toMatchObject({
      problem: 'It was too old.',
    });
    expect(await signupExchanges.failureOf(waba, '15550783888')).toBeNull();
    await customerTokens.keep(kept);
    expect(await signupExchanges.failureOf(waba, theirs)).toBeNull();
  });

  const row = async (namespace: string) => {
    const records = await open(key('k1', 'a'), namespace);
    const found = await records.use((db) =>
      db
        .selectFrom('customer_tokens')
        .selectAll()
        .where('namespace', '=', namespace)
        .executeTakeFirstOrThrow(),
    );
    // The SQLite driver reads bytes in another form than it takes.
    return { ...found, sealed: Buffer.from(found.sealed) };
  };

  test('a token is read as it was kept, and what is known of it without it', async () => {
    const { tokens } = await fresh();
    expect(await tokens.of(waba)).toBeNull();
    await tokens.keep(kept);
    const { token, by, at, ...known } = kept;
    const held = { ...known, keptAt: at, invalidSince: null, problem: null };
    expect(await tokens.of(waba)).toEqual({ ...held, token });
    expect(await tokens.held(waba)).toEqual(held);
    expect(await tokens.all()).toEqual([held]);
    expect(await tokens.events(waba)).toEqual([{ what: 'kept', by, at, detail: null }]);
    expect(await tokens.of(other)).toBeNull();
  });

  test('no token stands in the database in clear', async () => {
    const { namespace, tokens } = await fresh();
    await tokens.keep(kept);
    if (kind === 'sqlite') {
      const folder = path.dirname(database.file!);
      for (const file of readdirSync(folder))
        expect(readFileSync(path.join(folder, file)).includes(secret)).toBe(false);
    }
    expect((await row(namespace)).sealed.includes(secret)).toBe(false);
  });

  test('a token that was moved to another WABA or namespace does not open there', async () => {
    const { namespace, tokens } = await fresh();
    await tokens.keep(kept);
    const moved = await row(namespace);
    const records = await open(key('k1', 'a'), namespace);
    await records.use((db) =>
      db
        .insertInto('customer_tokens')
        .values([
          { ...moved, waba_id: other },
          { ...moved, namespace: `${namespace}-other` },
        ])
        .execute(),
    );
    await expect(tokens.of(other)).rejects.toThrow(/sealed with the key k1 cannot be read: it was altered/);
    const elsewhere = await open(key('k1', 'a'), `${namespace}-other`);
    await expect(elsewhere.customerTokens.of(waba)).rejects.toThrow(/cannot be read/);
    expect(await tokens.of(waba)).toMatchObject({ token: secret });
  });

  test('a newer token takes the place of the one before, and an older one or a repeat does not', async () => {
    const { tokens } = await fresh();
    await tokens.keep(kept);
    await tokens.invalid(used, 'revoked', '2026-11-01T11:00:00.000Z');
    await tokens.keep(kept);
    expect(await tokens.held(waba)).toMatchObject({ invalidSince: '2026-11-01T11:00:00.000Z' });
    const newer = { ...kept, token: `${secret}2`, at: '2026-11-02T10:00:00.000Z' };
    await tokens.keep(newer);
    await tokens.keep({ ...kept, at: '2026-10-31T10:00:00.000Z' });
    expect(await tokens.of(waba)).toMatchObject({ token: newer.token, keptAt: newer.at, invalidSince: null });
  });

  test('a token that Meta refuses stays known as such since the first refusal', async () => {
    const { tokens } = await fresh();
    await tokens.keep(kept);
    expect(await tokens.invalid(used, '190: revoked', '2026-11-01T11:00:00.000Z')).toBe(true);
    expect(await tokens.invalid(used, '190: again', '2026-11-01T12:00:00.000Z')).toBe(false);
    expect(await tokens.held(waba)).toMatchObject({
      invalidSince: '2026-11-01T11:00:00.000Z',
      problem: '190: revoked',
    });
    const none = { ...used, wabaId: other };
    expect(await tokens.invalid(none, 'there is none', '2026-11-01T11:00:00.000Z')).toBe(false);
  });

  test('a refusal of the token before, in a call that was under way, is none of the one that took its place', async () => {
    const { tokens } = await fresh();
    await tokens.keep(kept);
    const newer = { ...kept, token: `${secret}2`, at: '2026-11-02T10:00:00.000Z' };
    await tokens.keep(newer);
    expect(await tokens.invalid(used, '190: revoked', '2026-11-02T10:00:01.000Z')).toBe(false);
    expect(await tokens.of(waba)).toMatchObject({ token: newer.token, invalidSince: null, problem: null });
    expect(await tokens.events(waba)).toMatchObject([{ what: 'kept' }, { what: 'kept' }]);
  });

  test('what a customer brings who comes back while they still leave is not destroyed with what they had before', async () => {
    const { tokens } = await fresh();
    await tokens.keep(kept);
    await tokens.destroy(waba, '2026-11-05T10:00:00.000Z', '2026-10-31T10:00:00.000Z');
    expect(await tokens.held(waba)).toMatchObject({ keptAt: kept.at });
    await tokens.destroy(waba, '2026-11-05T10:00:00.000Z', kept.at);
    expect(await tokens.held(waba)).toBeNull();
  });

  test('every reading by a person is on record, and nobody changes what is on record', async () => {
    const { namespace, tokens } = await fresh();
    await tokens.keep(kept);
    expect(await tokens.read(other, 'alice', '2026-11-01T11:00:00.000Z')).toBeNull();
    expect(await tokens.read(waba, 'alice', '2026-11-01T11:00:00.000Z')).toBe(secret);
    await tokens.destroy(waba, '2026-11-01T12:00:00.000Z');
    await tokens.destroy(waba, '2026-11-01T13:00:00.000Z');
    expect(await tokens.of(waba)).toBeNull();
    expect((await tokens.events(waba)).map(({ what, by }) => [what, by])).toEqual([
      ['kept', 'signup page'],
      ['read', 'alice'],
      ['destroyed', null],
    ]);
    expect(await tokens.events(other)).toEqual([]);
    const records = await open(key('k1', 'a'), namespace);
    await expect(records.use((db) => db.deleteFrom('token_events').execute())).rejects.toThrow(/append-only/);
    await expect(
      records.use((db) => db.updateTable('token_events').set({ by: 'bob' }).execute()),
    ).rejects.toThrow(/append-only/);
  });

  test('when keys rotate, tokens are sealed anew; one that cannot be read is named and stays', async () => {
    const { namespace, tokens } = await fresh();
    await tokens.keep(kept);
    const lost = (await open(key('k0', 'z'), namespace)).customerTokens;
    await lost.keep({ ...kept, wabaId: other });
    const rotated = (await open(`${key('k2', 'b')},${key('k1', 'a')}`, namespace)).customerTokens;
    expect(await rotated.of(waba)).toMatchObject({ token: secret });
    expect(await rotated.reseal()).toEqual({
      resealed: 1,
      unreadable: [{ wabaId: other, reason: expect.stringMatching(/key k0, which is not among/) }],
    });
    const later = (await open(key('k2', 'b'), namespace)).customerTokens;
    expect(await later.of(waba)).toMatchObject({ token: secret, keptAt: kept.at });
    expect(await later.reseal()).toMatchObject({ resealed: 0 });
    await expect(tokens.of(waba)).rejects.toThrow(/key k2, which is not among PAYLOAD_KEYS: add it/);
    expect(await lost.of(other)).toMatchObject({ token: secret });
  });

  test('when keys rotate, the tokens of signups whose WABA is not known yet are sealed anew as well', async () => {
    const namespace = 'signups under way';
    const added = { session: 's', customerId: 'acme', phoneNumber: '15550783881', named: [] };
    const lost = (await open(key('k0', 'z'), namespace)).signupExchanges;
    const [first, second] = ['2026-11-01T10:00:00.000Z', '2026-11-01T11:00:00.000Z'] as const;
    await lost.keep({ ...added, id: 'lost', at: first }, `${secret}0`);
    await (
      await open(key('k1', 'a'), namespace)
    ).signupExchanges.keep({ ...added, id: 'known', at: second }, secret);
    const rotated = (await open(`${key('k2', 'b')},${key('k1', 'a')}`, namespace)).signupExchanges;
    expect(await rotated.reseal()).toEqual({
      resealed: 1,
      unreadable: [
        {
          ...{ customerId: 'acme', phoneNumber: '15550783881', at: first },
          reason: expect.stringMatching(/key k0, which is not among/) as string,
        },
      ],
    });
    const later = (await open(key('k2', 'b'), namespace)).signupExchanges;
    expect(await later.tokenOf('known')).toBe(secret);
    expect(await later.reseal()).toMatchObject({ resealed: 0 });
    expect(await lost.tokenOf('lost')).toBe(`${secret}0`);
  });

  test('without payload keys no token is kept', async () => {
    const { tokens } = await fresh('');
    await expect(tokens.keep(kept)).rejects.toThrow(/kept sealed alone, and PAYLOAD_KEYS is empty/);
    expect(await tokens.held(waba)).toBeNull();
  });
});
