import { historyToJSON } from '../../temporal/sdk-internals';
import { auditExported, auditNumber, readingConverter, render } from '../../audit';
import { connect, type Connected } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { Laptop, waba } from '../client/laptop';
import {
  alterResult,
  changeAttribute,
  encoded,
  find,
  findings,
  shiftLastTask,
  tampered,
  tamperings,
  tamperingsAreFound,
  type Json,
} from './tampering';

const number = '+1 555 078 3881';
const digits = '15550783881';

let laptop: Laptop;
let reader: Connected;
let exported: string;
let code: string;
beforeAll(async () => {
  laptop = await Laptop.start();
  const pool = laptop.pool({ by: 'alice' });
  await pool.add(number, { automation: { register: false } });
  await pool.signal.submitCode(number, { code: 'no code at all', by: 'mallory' }).catch(() => undefined);
  const text = await laptop.sim.nextMessage(digits);
  code = text.replace(/\D/g, '');
  const wrong = code === '000000' ? '000001' : '000000';
  await expect(pool.submitCode(number, { code: wrong })).rejects.toThrow();
  await pool.submitCode(number, { code: text, by: 'bob' });
  await pool.share(number, { partnerBusinessId: '4711' });
  await pool.reserve(number, { customerId: 'lucky-shrub' });
  const { preverifiedId } = await pool.get(number);
  const { phoneNumberId } = await laptop.sim.claim(preverifiedId ?? '', waba);
  await pool.claim(number, { wabaId: waba, phoneNumberId, source: 'signup', by: 'carol' });
  await laptop.sim.fault({ call: 'register', times: 1, answerLost: true });
  await pool.register(number, { by: 'carol' });
  await pool.waitFor(number, 'Registered');
  reader = await connect(readSettings(needs.client, laptop.env), { unknownKey: 'leave' });
  exported = historyToJSON(await reader.client.workflow.getHandle(`number:${digits}`).fetchHistory());
}, 120_000);
afterAll(async () => {
  await reader.close();
  await laptop.close();
});

test('a history agrees with the chart', async () => {
  const audit = await auditNumber(reader.client, number);
  expect(findings(audit)).toEqual([]);
  expect(audit.agrees).toBe(true);
  expect(audit.runs.at(-1)?.record?.state).toBe('Registered');
});

test('it tells who did what, from where to where, and how Meta answered, and no secret', async () => {
  const audit = await auditNumber(reader.client, number);
  const rows = audit.runs.flatMap((run) => run.rows);
  const row = (what: string, who: string) => rows.find((each) => each.what === what && each.who === who);
  expect(row('update submitCode', 'bob')).toMatchObject({
    from: 'CodeRequested.waiting',
    to: 'CodeRequested.verifying',
  });
  expect(row('update claim', 'carol')).toMatchObject({ from: 'Verified.fresh', to: 'Verified.fresh' });
  expect(row('confirmClaim answered', 'Meta')).toMatchObject({
    from: 'Verified.fresh',
    to: 'Claimed.verified',
  });
  expect(row('registerNumber, attempt 2', 'Meta')).toBeDefined();
  expect(row('registerNumber answered', 'Meta')).toMatchObject({ to: 'Registered' });
  expect(rows.some(({ detail }) => detail.includes('WrongCode'))).toBe(true);
  for (const format of ['table', 'markdown', 'csv', 'jsonl', 'json'] as const) {
    const text = render(audit, format);
    expect(text).toContain('claim');
    expect(text).not.toContain(code);
  }
});

test('it decrypts only what the reader holds keys for', async () => {
  const audit = await auditExported(exported, readingConverter(readSettings(['payloads'], {})));
  expect(audit.agrees).toBe(false);
  expect(findings(audit)).toEqual([expect.stringContaining('encrypted with the key k1')]);
  expect(render(audit, 'table')).toContain('encrypted');
});

test('a number is audited without any key: who holds none sees when what happened, and no more', async () => {
  const { PAYLOAD_KEYS: _, ...env } = laptop.env;
  const stranger = await connect(readSettings(needs.client, env), { unknownKey: 'leave' });
  const audit = await auditNumber(stranger.client, number);
  await stranger.close();
  const rows = audit.runs.flatMap((run) => run.rows);
  expect(rows[0]).toMatchObject({ what: 'started', detail: 'encrypted (key k1)' });
  expect(rows.some(({ what }) => what === 'update submitCode')).toBe(true);
  expect(JSON.stringify(rows)).not.toContain('alice');
});

test('an auditor reads times as times, and whole in the table', async () => {
  const audit = await auditNumber(reader.client, number);
  const text = render(audit, 'table');
  expect(text).toMatch(/│ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z │/);
  expect(text).not.toContain('…');
  const rows = audit.runs.flatMap((run) => run.rows);
  const verified = rows.find(({ detail }) => detail.startsWith('outcome: verified'));
  expect(verified?.detail).toMatch(/verifiedAt: \d{4}-.*Z, expiresAt: \d{4}-.*Z/);
});

describe('a history that was tampered with is found out', () => {
  const changed = (change: (history: Json) => void) => tampered(exported, laptop.env, change);

  tamperingsAreFound(changed);

  test('an event that was taken out is missed where it stood', async () => {
    expect(findings(await changed(tamperings['an event taken out']!))[0]).toMatch(/missing or out of order/);
  });

  test('another state in a search attribute', async () => {
    const audit = await changed((history) => {
      const upserts = find(history, 'upsertWorkflowSearchAttributesEventAttributes');
      const { indexedFields } = upserts.find(
        (event) =>
          event['upsertWorkflowSearchAttributesEventAttributes'].searchAttributes.indexedFields.NumberState,
      )!['upsertWorkflowSearchAttributesEventAttributes'].searchAttributes;
      indexedFields.NumberState.data = encoded('Registered');
    });
    expect(findings(audit)[0]).toMatch(/NumberState is "Registered" in the history/);
  });

  test('another WABA in a search attribute', async () => {
    expect(findings(await changed(changeAttribute('WabaId', '999')))[0]).toMatch(/WabaId is "999"/);
  });

  test('a payload from another place', async () => {
    const audit = await changed((history) => {
      const accepted = find(history, 'workflowExecutionUpdateAcceptedEventAttributes');
      const input = (event: Record<string, any>) =>
        event['workflowExecutionUpdateAcceptedEventAttributes'].acceptedRequest.input;
      input(accepted.at(-1)!).name = 'remove';
    });
    expect(findings(audit).length).toBeGreaterThan(0);
  });

  test('a time shifted, so that a state was reached earlier', async () => {
    expect(findings(await changed(shiftLastTask)).join()).toMatch(/registeredAt is|transitions is/);
  });

  test('a ciphertext altered', async () => {
    await expect(changed(alterResult)).rejects.toThrow(/altered|read/);
  });
});
