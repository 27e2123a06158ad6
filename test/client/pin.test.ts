import { setTimeout } from 'node:timers/promises';
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

test('another PIN is set at Meta where ours is lost or was never ours, and shown to whoever set it', async () => {
  for (const number of ['15550600001', '15550600005']) {
    const pin = await pool.setPin(number, 'setter@ops');
    expect(pin).toMatch(/^\d{6}$/);
    expect(await registersWith(number, pin)).toBe(200);
    const reading = pool.readPin(number, 'another@ops');
    await expect(reading).rejects.toMatchObject({ type: 'PinRead' });
    await expect(reading).rejects.toThrow(/was set by setter@ops on \d{4}-/);
  }
  expect(await pool.setPin('15550600005', 'ops', '246810')).toBe('246810');
  expect(await registersWith('15550600005', '246810')).toBe(200);
  expect(await registersWith('15550600005', '246811')).toBe(400);
});

test('a setting that Meta refuses leaves the one before it as the last', async () => {
  await pool.setPin('15550600005', 'setter@ops');
  await laptop.sim.fault({ call: 'set_pin', error: { code: 10 } });
  await expect(pool.setPin('15550600005', 'late@ops')).rejects.toMatchObject({ type: 'MetaRefused' });
  await laptop.sim.clearFaults();
  const { client } = laptop.connected;
  const query = "WorkflowId = 'pin-set:15550600005' AND ExecutionStatus = 'Failed'";
  while ((await client.workflow.count(query)).count < 1) await setTimeout(20);
  await expect(pool.readPin('15550600005', 'ops')).rejects.toThrow(/was set by setter@ops on/);
});

test('a PIN that Meta refuses changes nothing, and says why', async () => {
  await laptop.sim.fault({ call: 'set_pin', error: { code: 10 } });
  await expect(pool.setPin('15550600003', 'ops')).rejects.toMatchObject({ type: 'MetaRefused' });
  await laptop.sim.clearFaults();
  await expect(pool.setPin('15550600003', 'ops', '12')).rejects.toMatchObject({ type: 'InvalidMessage' });
  await expect(pool.setPin('15550600003', '')).rejects.toMatchObject({ type: 'InvalidMessage' });
  expect(await registersWith('15550600003', '135790')).toBe(200);
  await expect(pool.readPin('15550600003', 'ops')).rejects.toThrow(/was read by ops/);
});

/** Meta takes a registered number's own PIN alone. */
async function registersWith(number: string, pin: string): Promise<number> {
  const { claim } = await pool.get(number);
  const register = `${laptop.sim.url}/v24.0/${claim!.phoneNumberId!}/register?messaging_product=whatsapp&pin=${pin}`;
  return (await fetch(register, { method: 'POST', headers: { authorization: 'Bearer EAAJB' } })).status;
}

test('without a name, or on a number that nobody added, nothing is read', async () => {
  await expect(pool.readPin('15550600003', '')).rejects.toMatchObject({ type: 'InvalidMessage' });
  await expect(pool.readPin('15559999999', 'ops')).rejects.toMatchObject({ type: 'UnknownNumber' });
});

async function firstRunId(number: string): Promise<string> {
  const { raw } = await laptop.connected.client.workflow.getHandle(`number:${number}`).describe();
  return raw.workflowExecutionInfo!.firstRunId!;
}
