import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { sql, type Kysely, type Transaction } from 'kysely';
import { auditNumber, readingConverter } from '../../audit';
import { verifyRecords } from '../../audit/verify-records';
import { subjectOf, whoHad } from '../../audit/who';
import { RefusedError } from '../../client';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import {
  appendRelease,
  appendRuns,
  findHoldings,
  openRecords,
  readCheckpoints,
  readEntries,
  releaseAllOf,
  returnTo,
  verifyChain,
  type ClosedRun,
  type EntryHeader,
  type Fault,
  type Records,
  type VerifyOptions,
} from '../../records';
import { headerOf, sha256 } from '../../records/chain';
import { readSettings } from '../../settings';
import type { Tables } from '../../records/schema';
import { readSigningKey } from '../../settings/signing-keys';
import { waba } from '../client/laptop';
import { kinds } from './databases';
import { KeepingLaptop } from './kept';
import { signingKey } from './signing-key';

const digits = '15550783881';
const unreadable = 'number:15550783889';
const others = ['15550783882', '15550783883', '15550783884'];

/** A life of the number that ended with the claim of a WABA. */
const ended = (wabaId: string, claimedAt: string, phoneNumber = digits): ClosedRun => ({
  run: {
    ...{ runId: `run of ${wabaId}`, firstRunId: `run of ${wabaId}`, workflowId: `number:${phoneNumber}` },
    ...{ workflowType: 'numberLifecycle', status: 'COMPLETED', startedAt: claimedAt, closedAt: claimedAt },
    facts: {
      ...{ phoneNumber, portfolioId: '506914307656634', state: 'Registered' },
      claim: { wabaId, phoneNumberId: null, customerId: null, claimedAt, source: 'signup' },
    },
    agrees: true,
  },
  history: Buffer.from('history'),
  record: Buffer.from('record'),
});

describe.each(kinds)('records on %s', (kind) => {
  let keeping: KeepingLaptop;
  let records: Records;
  let code: string;
  let pin: string;

  beforeAll(async () => {
    keeping = await KeepingLaptop.start(kind, { RECORDS_SIGNING_KEY: signingKey('r1') });
    await keeping.live(digits);
    pin = await keeping.pool.readPin(digits, 'auditor');
    const { client } = keeping.laptop.connected;
    const { events } = await client.workflow.getHandle(`number:${digits}`).fetchHistory();
    expect(events?.length).toBeGreaterThan(20);
    for (const number of others) await keeping.pool.add(number, { automation: { requestCode: false } });
    await keeping.pool.waitUntil(others[0]!, ({ preverifiedId }) => preverifiedId !== null);
    await keeping.pool.remove(others[0]!);
    await client.workflow.getHandle(`number:${others[1]!}`).terminate('a test');
    await client.workflow.getHandle(`number:${others[2]!}`).cancel();
    // Other programs may start a run with what no payload converter reads, and then have to end it from outside.
    const unread = { metadata: { encoding: Buffer.from('json/protobuf') }, data: Buffer.from('{') };
    await client.workflowService.startWorkflowExecution({
      ...{ namespace: 'default', requestId: randomUUID(), workflowId: unreadable },
      workflowType: { name: 'numberLifecycle' },
      taskQueue: { name: NUMBERS_TASK_QUEUE },
      input: { payloads: [unread] },
    });
    await client.workflow.getHandle(unreadable).terminate('a test');
    await keeping.keep(4, true);
    records = await keeping.open();
    code = (await keeping.laptop.sim.messagesTo(digits)).at(-1)?.text ?? '';
  });
  afterAll(async () => {
    await records.close();
    await keeping.close();
  });

  const headers = async () => {
    const found: EntryHeader[] = [];
    for await (const { header } of readEntries(records)) found.push(JSON.parse(header) as EntryHeader);
    return found;
  };

  test('every run is in them once, however it closed and however often they are brought up to date', async () => {
    const before = await headers();
    expect(before.map((entry) => entry.kind === 'run' && entry.status).sort()).toEqual(
      expect.arrayContaining(['COMPLETED', 'COMPLETED', 'TERMINATED']),
    );
    expect(before).toContainEqual(expect.objectContaining({ workflowId: unreadable, agrees: null }));
    expect(await keeping.keep(4)).toMatchObject({ kept: 0 });
    expect(await headers()).toEqual(before);
  });

  test('the chain and its checkpoint verify, and each history agrees with the chart', async () => {
    const { faults, ...verified } = await keeping.verify(records);
    expect(faults).toEqual([]);
    expect(verified).toMatchObject({ checkpoints: 1, ok: true });
    const { body } = (await readCheckpoints(records))[0]!;
    const { seq } = JSON.parse(body) as { seq: number };
    expect(await keeping.verify(records, { from: seq })).toMatchObject({ entries: 0, ok: true });
  });

  test('what is appended while the chain is verified is no fault', async () => {
    const env = { ...keeping.laptop.env, TEMPORAL_NAMESPACE: 'while-verifying' };
    const growing = await openRecords(readSettings(['records', 'temporal', 'payloads'], env));
    await appendRuns(growing, [ended('first', '2026-01-10T00:00:00.000Z')]);
    let appended = false;
    const replay = async () => {
      if (!appended) {
        appended = true;
        await appendRuns(growing, [ended('second', '2026-02-10T00:00:00.000Z')]);
        await releaseAllOf(growing, 'second', { reason: 'they have left', by: 'test' });
      }
      return { disagrees: [], lacksKey: null };
    };
    expect(await verifyChain(growing, { keys: [], replay })).toMatchObject({ entries: 1, faults: [] });
    expect(await verifyChain(growing, { keys: [] })).toMatchObject({ entries: 3, faults: [] });
    await growing.close();
  });

  test('of a run whose customer has a name that no database takes, records are kept and verify', async () => {
    const env = { ...keeping.laptop.env, TEMPORAL_NAMESPACE: 'odd-names' };
    const odd = await openRecords(readSettings(['records', 'temporal', 'payloads'], env));
    const run = ended('first', '2026-01-10T00:00:00.000Z');
    run.run.facts!.claim!.customerId = 'half of one \ud800, and \0';
    await appendRuns(odd, [run]);
    expect(await verifyChain(odd, { keys: [] })).toMatchObject({ entries: 1, faults: [] });
    expect(await findHoldings(odd, { wabaId: 'first' })).toMatchObject([
      { customerId: 'half of one \ufffd, and \ufffd' },
    ]);
    await odd.close();
  });

  test('a history that does not agree with the chart is told from an entry that was changed', async () => {
    const replay = async () => ({ disagrees: ['its history, event 1: x'], lacksKey: null });
    const { keys } = { keys: keeping.settings.records.signingKeys };
    const { faults } = await verifyChain(records, { keys, replay });
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatchObject({ disagrees: true });
  });

  test('without payload keys the chain still verifies, and says which histories were not played', async () => {
    const converter = readingConverter(readSettings(['payloads'], {}));
    const keys = keeping.settings.records.signingKeys;
    const verified = await verifyRecords(records, converter, { keys });
    expect(verified).toMatchObject({ ok: true, faults: [] });
    expect(Object.values(verified.unplayed)).toEqual([expect.any(Number)]);
    expect((await keeping.verify(records)).unplayed).toEqual({});
  });

  test('who has a number is known by the number, the WABA and the customer', async () => {
    for (const subject of ['+1 555 078 3881', waba, 'lucky-shrub']) {
      const [held, ...more] = await whoHad(keeping.laptop.connected.client, records, subjectOf(subject));
      expect(more).toEqual([]);
      expect(held).toMatchObject({
        phoneNumber: digits,
        wabaId: waba,
        customerId: 'lucky-shrub',
        to: null,
        source: 'signup',
      });
    }
  });

  test('a holding ends with the next one of the number, though only the later customer gave it back', async () => {
    const TEMPORAL_NAMESPACE = 'handed-on';
    const env = { ...keeping.laptop.env, TEMPORAL_NAMESPACE };
    const handedOn = await openRecords(readSettings(['records', 'temporal', 'payloads'], env));
    const [first, second] = ['2026-01-10T00:00:00.000Z', '2026-02-10T00:00:00.000Z'];
    await appendRuns(handedOn, [ended('first', first), ended('second', second)]);
    expect((await findHoldings(handedOn, { phoneNumber: digits })).map(({ to }) => to)).toEqual([
      second,
      null,
    ]);
    await releaseAllOf(handedOn, 'second', { reason: 'they have left', by: 'test' });
    expect((await findHoldings(handedOn, { phoneNumber: digits })).map(({ to }) => to)).toEqual([
      second,
      expect.any(String),
    ]);

    const back = [{ phoneNumber: digits, phoneNumberId: '106540352242922' }];
    const why = { customerId: 'other-id', reason: 'they have come back', by: 'test' };
    // It went on to another customer: only the last one can come back with it, and only once.
    expect(await returnTo(handedOn, 'first', back, why)).toEqual([]);
    expect(await returnTo(handedOn, 'second', back, why)).toEqual([digits]);
    expect(await returnTo(handedOn, 'second', back, why)).toEqual([]);
    const held = await findHoldings(handedOn, { phoneNumber: digits });
    expect(held.map(({ wabaId, to }) => [wabaId, to === null])).toEqual([
      ['first', false],
      ['second', false],
      ['second', true],
    ]);
    expect(held.at(-1)).toMatchObject({
      ...{ source: 'return', phoneNumberId: '106540352242922', customerId: 'other-id' },
    });
    await releaseAllOf(handedOn, 'second', { reason: 'they have left again', by: 'test' });
    expect((await findHoldings(handedOn, { phoneNumber: digits })).map(({ to }) => to)).not.toContain(null);

    // One number, written with the 1 that Mexico had until 2019, and without it.
    const [old, current] = ['5215512345678', '525512345678'];
    await appendRuns(handedOn, [ended('third', first, old), ended('fourth', second, current)]);
    const ends = (await findHoldings(handedOn, { wabaId: 'third' })).map(({ to }) => to);
    expect(ends).toEqual([second]);
    await handedOn.close();
  });

  test('nobody changes or removes a row without meaning to', async () => {
    for (const table of ['entries', 'holdings', 'checkpoints', 'scans'] as const) {
      await expect(
        records.use((db) => db.updateTable(table).set({ namespace: 'x' }).execute()),
      ).rejects.toThrow(/append-only/);
      await expect(records.use((db) => db.deleteFrom(table).execute())).rejects.toThrow(/append-only/);
    }
  });

  describe('what is tampered with is found and named', () => {
    /** Does it as somebody would who may do all in the database, verifies, and takes it back. */
    const tampered = async (
      change: (db: Transaction<Tables>) => Promise<unknown>,
      keys = keeping.settings.records.signingKeys,
      more: Partial<VerifyOptions> = {},
    ): Promise<Fault[]> => {
      const undone = new Error('undone');
      let faults: Fault[] = [];
      const triggers = ['entries', 'holdings', 'releases', 'checkpoints'].flatMap((table) =>
        ['update', 'delete'].map((on) => `${table}_no_${on}`),
      );
      await records.db
        .transaction()
        .execute(async (tx) => {
          if (kind === 'postgres') await sql`set local session_replication_role = replica`.execute(tx);
          else for (const name of triggers) await sql`drop trigger ${sql.ref(name)}`.execute(tx);
          await change(tx);
          const inside: Records = { ...records, db: tx, use: (query) => query(tx) };
          ({ faults } = await keeping.verify(inside, { keys, ...more }));
          throw undone;
        })
        .catch((error: unknown) => {
          if (error !== undone) throw error;
        });
      return faults;
    };
    const entry = (db: Kysely<Tables>, seq: number) =>
      db.selectFrom('entries').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow();
    const lifeSeq = async () =>
      (await headers()).find((one) => one.kind === 'run' && one.facts?.phoneNumber === digits)!.seq;

    test('a byte of a history', async () => {
      const seq = await lifeSeq();
      const faults = await tampered(async (db) => {
        const history = Buffer.from(new Uint8Array((await entry(db, seq)).history!));
        history[100]! ^= 1;
        await db.updateTable('entries').set({ history }).where('seq', '=', seq).execute();
      });
      expect(faults).toEqual([{ seq, runId: expect.any(String), what: 'its history was changed' }]);
    });

    test('a byte of a record', async () => {
      const faults = await tampered(async (db) => {
        const record = Buffer.from(new Uint8Array((await entry(db, 2)).record!));
        record[10]! ^= 1;
        await db.updateTable('entries').set({ record }).where('seq', '=', 2).execute();
      });
      expect(faults).toEqual([expect.objectContaining({ seq: 2, what: 'its record was changed' })]);
    });

    test('a field in the text of an entry, with its hash made anew', async () => {
      const seq = await lifeSeq();
      const faults = await tampered(async (db) => {
        const { header } = await entry(db, seq);
        const { chain, seq: at, prev, recordedAt, ...body } = JSON.parse(header) as EntryHeader;
        const changed = JSON.parse(JSON.stringify(body).replaceAll('lucky-shrub', 'mallory')) as typeof body;
        const forged = headerOf({ chain, seq: at, prev, recordedAt }, changed);
        await db.updateTable('entries').set(forged).where('seq', '=', seq).execute();
      });
      expect(faults.map(({ what }) => what).join('; ')).toMatch(
        /holding that follows from it is not what it says/,
      );
      expect(faults.some(({ what }) => /does not follow|checkpoint/.test(what))).toBe(true);
    });

    test('an entry taken out of the middle', async () => {
      const faults = await tampered((db) => db.deleteFrom('entries').where('seq', '=', 2).execute());
      expect(faults[0]).toMatchObject({ seq: 3, what: 'before it, entry 2 is missing' });
    });

    test('two entries swapped', async () => {
      const faults = await tampered(async (db) => {
        for (const [from, to] of [
          [1, 91],
          [2, 92],
          [91, 2],
          [92, 1],
        ] as const)
          await db.updateTable('entries').set({ seq: to }).where('seq', '=', from).execute();
      });
      expect(faults.map(({ seq }) => seq)).toEqual(expect.arrayContaining([1, 2]));
      expect(faults[0]!.what).toMatch(/stands in another place/);
    });

    test('the end cut off behind a checkpoint', async () => {
      const last = (await headers()).length;
      const faults = await tampered(async (db) => {
        await db.deleteFrom('holdings').where('seq', '=', last).execute();
        await db.deleteFrom('entries').where('seq', '=', last).execute();
      });
      expect(faults).toEqual([
        { seq: last, runId: null, what: expect.stringMatching(/the end was cut off/) },
      ]);
    });

    test('the end cut off, where one begins at a checkpoint behind it', async () => {
      const last = (await headers()).length;
      const cut = async (db: Kysely<Tables>) => {
        await db.deleteFrom('holdings').where('seq', '=', last).execute();
        await db.deleteFrom('entries').where('seq', '=', last).execute();
      };
      const faults = await tampered(cut, undefined, { from: last });
      expect(faults).toContainEqual({ seq: last, runId: null, what: 'it is missing' });
      const anchors = (await readCheckpoints(records)).slice(0, 1);
      await expect(keeping.verify(records, { from: last + 1, anchors })).rejects.toThrow(
        /says nothing of entries from/,
      );
    });

    test('columns of a run beside an entry of another kind, with which a run could be kept out or made up', async () => {
      const seq = (await headers()).length + 1;
      const release = { phoneNumber: others[0]!, reason: 'a test', by: 'test' };
      for (const change of [
        { run_id: 'another run' },
        { workflow_id: `number:${digits}`, started_at: '2026-01-10T00:00:00.000Z' },
        { history: Buffer.from('x') },
      ])
        expect(
          await tampered(async (db) => {
            const write: Records['write'] = (act) => act(db);
            await appendRelease({ ...records, write }, release);
            await db.updateTable('entries').set(change).where('seq', '=', seq).execute();
          }),
        ).toEqual([
          expect.objectContaining({ seq, what: 'it has columns of a run, which its text is not of' }),
        ]);
    });

    test('a text that is no entry, and does not end the verification', async () => {
      const { kind: _, ...rest } = (await headers()).find(({ kind }) => kind === 'run')!;
      const forged = [
        ...['null', '7', '{"kind":"other"}'],
        JSON.stringify({ ...rest, kind: 'return', customerId: 7 }),
      ];
      for (const header of forged) {
        const faults = await tampered((db) =>
          db.updateTable('entries').set({ header }).where('seq', '=', 1).execute(),
        );
        expect(faults.map(({ what }) => what)).toContain('its text is not that of an entry');
      }
    });

    test('bytes that are no history, with all hashes made anew, and do not end the verification', async () => {
      const seq = await lifeSeq();
      const faults = await tampered(async (db) => {
        const history = Buffer.from('no history');
        const {
          chain,
          seq: at,
          prev,
          recordedAt,
          ...body
        } = JSON.parse((await entry(db, seq)).header) as EntryHeader;
        const said = { ...body, historySha256: sha256(history) } as typeof body;
        const forged = headerOf({ chain, seq: at, prev, recordedAt }, said);
        await db
          .updateTable('entries')
          .set({ ...forged, history })
          .where('seq', '=', seq)
          .execute();
      });
      expect(faults).toContainEqual(
        expect.objectContaining({
          seq,
          what: expect.stringMatching(/^its history: .*header/),
          disagrees: true,
        }),
      );
    });

    test('a forged checkpoint', async () => {
      const faults = await tampered(async (db) => {
        const { body } = await db.selectFrom('checkpoints').selectAll().executeTakeFirstOrThrow();
        await db
          .updateTable('checkpoints')
          .set({
            body: body.replace(/"hash":"(.)/, (_, first: string) => `"hash":"${first === 'f' ? '0' : 'f'}`),
          })
          .execute();
      });
      expect(faults[0]?.what).toMatch(/its signature is not that of the key r1/);
    });

    test('a checkpoint whose text says that it is of no entry, or of another one than its row', async () => {
      for (const body of ['{"seq":-1}', '{"seq":"x"}', '{"seq":0.5}', 'null', 'no JSON'])
        expect(await tampered((db) => db.updateTable('checkpoints').set({ body }).execute())).toEqual([
          expect.objectContaining({ what: expect.stringMatching(/its signature is not that of the key r1/) }),
        ]);
      const last = (await headers()).length;
      for (const change of [{ seq: last + 7 }, { at: '2020-01-01T00:00:00.000Z' }])
        expect(await tampered((db) => db.updateTable('checkpoints').set(change).execute())).toEqual([
          expect.objectContaining({
            what: `the checkpoint at entry ${String(last)}: its columns seq and at are not what was signed`,
          }),
        ]);
    });

    test('another signing key', async () => {
      const other = readSigningKey(signingKey('r1'))!;
      expect((await tampered(async () => undefined, [other]))[0]?.what).toMatch(
        /its signature is not that of the key r1/,
      );
      const stranger = readSigningKey(signingKey('r9'))!;
      expect((await tampered(async () => undefined, [stranger]))[0]?.what).toMatch(
        /key r1, which RECORDS_SIGNING_KEY lacks/,
      );
    });

    test('an entry put in by hand', async () => {
      const last = (await headers()).length;
      const faults = await tampered(async (db) => {
        const { seq: _, history: __, record: ___, ...copy } = await entry(db, last);
        await db
          .insertInto('entries')
          .values({ ...copy, seq: last + 1, prev: 'x', run_id: 'x' })
          .execute();
      });
      expect(faults.map(({ seq }) => seq)).toContain(last + 1);
    });

    test('a holding put in by hand, or changed', async () => {
      const row = {
        phone_number: '1',
        waba_id: '1',
        phone_number_id: null,
        customer_id: null,
        since: '',
        state: '',
        source: '',
      };
      const { namespace } = records;
      const put = await tampered((db) =>
        db
          .insertInto('holdings')
          .values({ namespace, seq: 99, ...row })
          .execute(),
      );
      expect(put).toEqual([
        { seq: 99, runId: null, what: 'a holding follows from no entry: it was put in by hand' },
      ]);
      const changed = await tampered((db) =>
        db.updateTable('holdings').set({ customer_id: 'mallory' }).execute(),
      );
      expect(changed[0]?.what).toMatch(/the holding that follows from it is not what it says/);
    });
  });

  test('what Temporal has forgotten is audited, shown and told from records', async () => {
    const { client } = keeping.laptop.connected;
    const before = await auditNumber(client, digits, records);
    const history = await keeping.pool.history(digits);
    expect(history).toEqual([expect.objectContaining({ customerId: 'lucky-shrub' })]);
    await keeping.forget(digits);
    await expect(auditNumber(client, digits)).rejects.toThrow(RefusedError);
    const after = await auditNumber(client, digits, records);
    expect(before.runs.map(({ source }) => source)).toEqual(['temporal']);
    expect(after.runs.map(({ source }) => source)).toEqual(['records']);
    expect(after.agrees).toBe(true);
    expect(after.runs[0]?.rows).toEqual(before.runs[0]?.rows);
    expect(await keeping.pool.history(digits)).toEqual(history);
  });

  test('sealed stays sealed: neither codes nor PINs stand in the database in clear', async () => {
    expect(code).toMatch(/\d{3}/);
    expect(pin).toMatch(/^\d{6}$/);
    const stored =
      keeping.database.file === null
        ? JSON.stringify(await records.use((db) => db.selectFrom('entries').select('header').execute()))
        : readdirSync(path.dirname(keeping.database.file))
            .map((file) => readFileSync(path.join(path.dirname(keeping.database.file!), file), 'latin1'))
            .join('');
    for (const secret of [code.replace(/\D/g, ''), pin, 'carol']) expect(stored).not.toContain(secret);
  });
});
