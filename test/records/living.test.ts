import { auditNumber, renderSources } from '../../audit';
import type { Records } from '../../records';
import { waba } from '../client/laptop';
import { KeepingLaptop } from './kept';

const digits = '15550783881';
let keeping: KeepingLaptop;
let records: Records;

beforeAll(async () => {
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': 30 };
  keeping = await KeepingLaptop.start('sqlite', {}, { dynamicConfig });
});
afterAll(async () => {
  await records.close();
  await keeping.close();
});

test('a number that lives keeps its past, though Temporal has deleted its first runs', async () => {
  const { laptop, pool } = keeping;
  const { client } = laptop.connected;
  await pool.add(digits, { automation: { register: false } });
  await pool.submitCode(digits, { code: await laptop.sim.nextMessage(digits) });
  const { preverifiedId } = await pool.get(digits);
  const { phoneNumberId } = await laptop.sim.claim(preverifiedId ?? '', waba);
  const claim = { wabaId: waba, phoneNumberId, customerId: 'lucky-shrub', source: 'signup' };
  await pool.claim(digits, claim);
  // Each repeat is a few events more, until the server suggests a new run.
  const runs = async () => (await client.workflow.count(`WorkflowId = 'number:${digits}'`)).count;
  while ((await runs()) < 2) await pool.refresh(digits).catch(() => pool.claim(digits, claim));
  await keeping.keep(1);
  records = await keeping.openToRead();
  const before = await auditNumber(client, digits);
  await keeping.forget(digits);

  const audit = await auditNumber(client, digits, records);
  expect(audit.runs.map(({ runId }) => runId)).toEqual(before.runs.map(({ runId }) => runId));
  expect(audit.runs[0]?.source).toBe('records');
  expect(audit.runs.at(-1)?.source).toBe('temporal');
  expect(audit.runs.flatMap(({ findings, unreadable }) => [...findings, unreadable])).toEqual(
    audit.runs.map(() => null),
  );
  expect(renderSources(audit)).toMatch(/from the records\n.*from Temporal/);

  const alone = await auditNumber(client, digits);
  expect(alone.agrees).toBe(false);
  expect(JSON.stringify(alone.runs.flatMap(({ findings }) => findings))).toMatch(
    /neither in Temporal nor in the records/,
  );
});

test('who has a number that lives is told as one answer with the past', async () => {
  expect(await keeping.pool.history(digits)).toEqual([
    expect.objectContaining({ phoneNumber: digits, customerId: 'lucky-shrub', to: null, state: 'Claimed' }),
  ]);
});
