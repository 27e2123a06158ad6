import type { NumberPool } from '../../client';
import { Laptop, waba } from './laptop';

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

async function claimed(number: string, automation: { register: boolean }): Promise<void> {
  await pool.add(number, { automation });
  await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  const { preverifiedId } = await pool.get(number);
  await laptop.sim.claim(preverifiedId!, waba);
  await pool.claim(number, { wabaId: waba, source: 'test' });
}

test('a PIN that was made for the number is shown once; a second reader learns who read it and when', async () => {
  await claimed('15550600001', { register: true });
  await pool.waitFor('15550600001', 'Registered');
  const before = Date.now();
  expect(await pool.readPin('15550600001', 'first@ops')).toMatch(/^\d{6}$/);
  const second = pool.readPin('15550600001', 'second@ops');
  await expect(second).rejects.toMatchObject({ type: 'PinRead', number: '15550600001' });
  await expect(second).rejects.toThrow(/was read by first@ops on \d{4}-\d\d-\d\dT/);
  const { startTime } = await laptop.connected.client.workflow
    .getHandle(`pin:15550600001:${await firstRunId('15550600001')}`)
    .describe();
  expect(startTime.getTime()).toBeGreaterThanOrEqual(before - 1000);
});

test('the reading is a workflow that ends with who read it', async () => {
  const handle = laptop.connected.client.workflow.getHandle(
    `pin:15550600001:${await firstRunId('15550600001')}`,
  );
  expect(await handle.result()).toMatchObject({ by: 'first@ops', at: expect.stringMatching(/^\d{4}-/) });
});

test('of two who read at once, one is shown it', async () => {
  await claimed('15550600002', { register: true });
  await pool.waitFor('15550600002', 'Registered');
  const readings = await Promise.allSettled(['a', 'b', 'c'].map((by) => pool.readPin('15550600002', by)));
  expect(readings.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('the PIN is the one that the number was registered with', async () => {
  await claimed('15550600003', { register: false });
  await pool.register('15550600003', { pin: '135790' });
  await pool.waitFor('15550600003', 'Registered');
  expect(await pool.readPin('15550600003', 'ops')).toBe('135790');
});

test('before the number is Registered it has no PIN to read, and none is used up', async () => {
  await claimed('15550600004', { register: false });
  await expect(pool.readPin('15550600004', 'ops')).rejects.toMatchObject({ type: 'WrongState' });
  await pool.register('15550600004');
  await pool.waitFor('15550600004', 'Registered');
  expect(await pool.readPin('15550600004', 'ops')).toMatch(/^\d{6}$/);
});

test('a PIN that somebody else set is not ours to show', async () => {
  await pool.add('15550600005');
  await pool.submitCode('15550600005', { code: await laptop.sim.nextMessage('15550600005') });
  const { preverifiedId } = await pool.get('15550600005');
  const { phoneNumberId } = await laptop.sim.claim(preverifiedId!, waba);
  const register = `${laptop.sim.url}/v24.0/${phoneNumberId}/register?messaging_product=whatsapp&pin=123456`;
  const { status } = await fetch(register, { method: 'POST', headers: { authorization: 'Bearer EAAJB' } });
  expect(status).toBe(200);
  await pool.claim('15550600005', { wabaId: waba, source: 'test' });
  await pool.waitFor('15550600005', 'Registered');
  await expect(pool.readPin('15550600005', 'ops')).rejects.toMatchObject({
    type: 'WrongState',
    message: expect.stringContaining('somebody else set one'),
  });
});

test('without a name, or on a number that nobody added, nothing is read', async () => {
  await expect(pool.readPin('15550600003', '')).rejects.toMatchObject({ type: 'InvalidMessage' });
  await expect(pool.readPin('15559999999', 'ops')).rejects.toMatchObject({ type: 'UnknownNumber' });
});

async function firstRunId(number: string): Promise<string> {
  const { raw } = await laptop.connected.client.workflow.getHandle(`number:${number}`).describe();
  return raw.workflowExecutionInfo!.firstRunId!;
}
