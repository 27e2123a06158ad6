import { createGraphClient } from '../../activities/graph';
import { reconcile } from '../../client/reconcile/reconcile';
import { setSchedule } from '../../client/reconcile/schedule';
import type { NumberPool } from '../../client';
import { readCode } from '../../contract/code';
import type { PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import type { NumberState } from '../../contract/number-record';
import type { Difference } from '../../contract/reconciliation';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { createReconcileActivities } from '../../worker/reconcile-activities';
import { Laptop, portfolioId as portfolio, waba } from '../client/laptop';

const portfolioId = portfolio as PortfolioId;
const byHand = { automation: { requestCode: false, reverify: false, register: false } };

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

/** For changes at Meta that bypass us. */
const meta = () =>
  createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'another-token' });

/** What others do there. */
async function atMeta(path: string, body: object): Promise<{ id: string }> {
  const answer = await fetch(`${laptop.sim.url}/v24.0/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer another', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { id: string };
}

const run = (dryRun = false) => reconcile(laptop.connected.client, { portfolioId, dryRun });
const about = (differences: Difference[], number: string) =>
  differences.filter(({ phoneNumber }) => phoneNumber === number);

async function added(number: string): Promise<string> {
  await pool.add(number, byHand);
  const { preverifiedId } = await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  await listed(number, 'Added');
  return preverifiedId!;
}

async function verified(number: string): Promise<string> {
  const preverifiedId = await added(number);
  await pool.requestCode(number);
  await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  await listed(number, 'Verified');
  return preverifiedId;
}

/** Temporal updates its list a moment after the workflow. */
async function listed(number: string, state: NumberState): Promise<void> {
  for (;;) for await (const { phoneNumber } of pool.list({ state })) if (phoneNumber === number) return;
}

/** Temporal lists a closed run a moment after it has ended. */
async function closed(number: string, status = 'Terminated'): Promise<void> {
  const query = `WorkflowId = 'number:${number}' AND ExecutionStatus = '${status}'`;
  while ((await laptop.connected.client.workflow.count(query)).count === 0) continue;
}

test('a claimed number whose workflow was terminated lives on from its claim, and does not register by itself', async () => {
  const number = '15550300041';
  const id = await verified(number);
  const { phoneNumberId } = await laptop.sim.claim(id, waba);
  await pool.claim(number, { wabaId: waba, phoneNumberId, source: 'test' });
  await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by mistake');
  await closed(number);

  const dry = await run(true);
  expect(about(dry.differences, number)).toMatchObject([{ kind: 'lost', done: null }]);
  const { differences } = await run();
  expect(about(differences, number)).toMatchObject([
    { kind: 'lost', what: expect.stringContaining(`is on WABA ${waba}`) as string, done: 'added' },
  ]);
  const record = await pool.waitUntil(number, ({ state }) => state === 'Claimed');
  expect(record).toMatchObject({
    phase: 'verified',
    claim: { wabaId: waba, phoneNumberId, source: 'reconcile' },
  });
  expect(await pool.register(number, {})).toMatchObject({ state: 'Registered' });
  expect(about((await run()).differences, number)).toEqual([]);
});

/** Claimed by a customer, and its workflow terminated. */
async function lost(number: string, by = waba): Promise<{ phoneNumberId: string }> {
  const { phoneNumberId } = await laptop.sim.claim(await verified(number), by);
  await pool.claim(number, { wabaId: by, phoneNumberId, customerId: 'acme', source: 'test' });
  await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by mistake');
  await closed(number);
  return { phoneNumberId };
}

test('a claimed number whose workflow was terminated stays with its customer', async () => {
  const number = '15550300044';
  await lost(number);
  await run();
  const { claim } = await pool.waitUntil(number, ({ state }) => state === 'Claimed');
  expect(claim).toMatchObject({ wabaId: waba, customerId: 'acme', source: 'reconcile' });
});

test('a claimed number is adopted once: one that lives again gets the report of its claim, one that has come to its end nothing', async () => {
  const number = '15550300045';
  const { phoneNumberId } = await lost(number);
  const activities = createReconcileActivities(laptop.connected.client);
  const ids = { wabaId: waba as WabaId, phoneNumberId: phoneNumberId as PhoneNumberId };
  const adopt = () => activities.adoptClaimed({ portfolioId, phoneNumber: number, ...ids });
  expect(await adopt()).toEqual({ outcome: 'added' });
  await pool.waitFor(number, 'Claimed');
  await listed(number, 'Claimed');
  expect(await adopt()).toEqual({ outcome: 'exists' });
  await pool.register(number, {});
  await closed(number, 'Completed');
  expect(await adopt()).toEqual({ outcome: 'ended' });
  expect(await pool.get(number)).toMatchObject({ state: 'Registered' });
});

test('a claimed number whose workflow was terminated is left so once its customer has left, who is not connected again', async () => {
  const [number, wabaId] = ['15550300046', '102290129340400'];
  await lost(number, wabaId);
  await pool.offboardCustomer(wabaId);
  const { differences } = await run();
  expect(about(differences, number)).toMatchObject([
    { kind: 'lost', what: expect.stringContaining('its customer has left') as string, done: null },
  ]);
  await expect(pool.get(number)).rejects.toMatchObject({ type: 'WrongState' });
  expect(await pool.getCustomer(wabaId)).toMatchObject({ state: 'Left' });
});

test.each([
  {
    what: 'somebody tried to add it again',
    number: '15550300042',
    before: () => Promise.resolve(),
    after: async (number: string) => {
      await pool.add(number, byHand);
      await listed(number, 'Rejected');
    },
  },
  {
    what: 'it had been in the pool before',
    number: '15550300043',
    before: async (number: string) => {
      await added(number);
      await pool.remove(number);
      await listed(number, 'Removed');
    },
    after: () => Promise.resolve(),
  },
])(
  'a claimed number whose workflow was terminated is found, although $what',
  async ({ number, before, after }) => {
    await before(number);
    const id = await verified(number);
    const { phoneNumberId } = await laptop.sim.claim(id, waba);
    await pool.claim(number, { wabaId: waba, phoneNumberId, source: 'test' });
    await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by mistake');
    await closed(number);
    await after(number);

    const { differences } = await run();
    expect(about(differences, number)).toMatchObject([{ kind: 'lost', done: 'added' }]);
    expect(await pool.waitUntil(number, ({ state }) => state === 'Claimed')).toMatchObject({
      claim: { wabaId: waba, phoneNumberId, source: 'reconcile' },
    });
    expect(about((await run()).differences, number)).toEqual([]);
  },
);

test('a number that Meta shows in its other written form is one number', async () => {
  const ours = '525550123498';
  await laptop.sim.assume({ nationalForm: 'other' });
  await added(ours);
  const { differences } = await run();
  await laptop.sim.assume({ nationalForm: 'asAdded' });
  expect(differences.filter(({ phoneNumber }) => phoneNumber?.startsWith('52'))).toEqual([]);
});

test('a claim that nobody reported is found on the WABA of the customer', async () => {
  const number = '15550300001';
  const id = await verified(number);
  await laptop.sim.claim(id, waba);

  const dry = await run(true);
  const what = `was claimed by a customer: it is on WABA ${waba}`;
  expect(about(dry.differences, number)).toEqual([
    { kind: 'claimed', phoneNumber: number, what, done: null },
  ]);
  expect(await pool.get(number)).toMatchObject({ state: 'Verified', claim: null });

  const { differences } = await run();
  expect(about(differences, number)).toEqual([{ kind: 'claimed', phoneNumber: number, what, done: 'claim' }]);
  expect(await pool.waitFor(number, 'Claimed')).toMatchObject({
    claim: { wabaId: waba, source: 'reconcile' },
  });
});

test('a claim of which the number could not be told is reported as left undone', async () => {
  const number = '15550300012';
  await laptop.sim.claim(await verified(number), waba);
  await laptop.sim.fault({ call: 'client_whatsapp_business_accounts', barrier: 'before the WABAs' });
  const running = run();
  await laptop.sim.arrived('before the WABAs');
  await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by mistake');
  await laptop.sim.release('before the WABAs');
  const { differences } = await running;
  expect(about(differences, number)).toMatchObject([{ kind: 'claimed', done: null }]);
});

test('a number that a customer put on the WABA by hand is missing, and not claimed', async () => {
  const [claimed, byThem] = ['15550300008', '15550300009'];
  await laptop.sim.claim(await verified(claimed), waba);
  await meta().deletePreverifiedNumber((await added(byThem)) as PreverifiedId);
  const own = { cc: '1', phone_number: byThem.slice(1), verified_name: 'By hand' };
  await atMeta(`${waba}/phone_numbers`, own);

  const { differences } = await run();
  expect(about(differences, claimed)).toMatchObject([{ kind: 'claimed', done: 'claim' }]);
  expect(about(differences, byThem)).toMatchObject([{ kind: 'missing', done: 'refresh' }]);
});

test('a number that somebody verified directly at Meta becomes Verified here', async () => {
  const number = '15550300002';
  const id = (await added(number)) as PreverifiedId;
  await meta().requestCode(id, { method: 'SMS', language: 'en_US' });
  await meta().verifyCode(id, readCode(await laptop.sim.nextMessage(number))!);

  const { differences } = await run();
  expect(about(differences, number)).toEqual([
    { kind: 'status', phoneNumber: number, what: 'is verified at Meta, and Added here', done: 'refresh' },
  ]);
  expect(await pool.waitFor(number, 'Verified')).toMatchObject({ verificationExpiresAt: expect.any(String) });
});

test('a number in the pool that was never added is adopted, and one that has just been removed is left alone', async () => {
  const [unknown, removed] = ['15550300003', '15550300004'];
  await meta().addPhoneNumber(portfolioId, unknown);
  const dry = await run(true);
  expect(about(dry.differences, unknown)).toMatchObject([{ kind: 'unknown', done: null }]);

  expect(about((await run()).differences, unknown)).toMatchObject([{ kind: 'unknown', done: 'added' }]);
  expect(await pool.get(unknown)).toMatchObject({
    portfolioId,
    state: expect.stringMatching(/Added|CodeRequested/),
  });
  const { memo } = await laptop.connected.client.workflow.getHandle(`number:${unknown}`).describe();
  expect(memo).toEqual({ addedBy: 'reconcile' });

  await added(removed);
  await pool.remove(removed);
  await pool.waitFor(removed, 'Removed');
  expect(await run().then(({ differences }) => about(differences, removed))).toEqual([]);
});

test('a number in the pool whose workflow was terminated is adopted, although it had been Removed before', async () => {
  const number = '15550300007';
  await added(number);
  await pool.remove(number);
  await listed(number, 'Removed');
  await added(number);
  await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by mistake');
  await closed(number);

  const what = "is in Meta's pool, and no life of it runs here";
  const { differences } = await run();
  expect(about(differences, number)).toEqual([{ kind: 'unknown', phoneNumber: number, what, done: 'added' }]);
  expect(await pool.get(number)).toMatchObject({
    state: expect.stringMatching(/Added|CodeRequested/) as string,
  });
});

test('a number in the pool is adopted, although people who type its digits alone would be asked for the country', async () => {
  // Of Singapore; without its country code it could be one of North America.
  const number = '6592345641';
  await meta().addPhoneNumber(portfolioId, `+${number}`);
  expect(about((await run()).differences, number)).toMatchObject([{ kind: 'unknown', done: 'added' }]);
  expect(await pool.get(`+${number}`)).toMatchObject({ portfolioId });
});

test('a number that another business shares with us stays theirs, though Meta lists it in our pool', async () => {
  const [theirs, unknown] = ['15550300010', '15550300011'];
  const { id } = await atMeta('777/add_phone_numbers', { phone_number: theirs });
  await atMeta('777/share_preverified_numbers', { preverified_id: id, partner_business_id: portfolioId });
  await meta().addPhoneNumber(portfolioId, unknown);

  const { differences } = await run();
  expect(about(differences, unknown)).toMatchObject([{ kind: 'unknown', done: 'added' }]);
  expect(about(differences, theirs)).toEqual([]);
  await expect(pool.get(theirs)).rejects.toMatchObject({ type: 'UnknownNumber' });
});

test('a number that somebody deleted at Meta gets a problem that says so', async () => {
  const number = '15550300005';
  const id = (await added(number)) as PreverifiedId;
  await meta().deletePreverifiedNumber(id);
  const { differences } = await run();
  expect(about(differences, number)).toMatchObject([{ kind: 'missing', done: 'refresh' }]);
  expect(
    await pool.waitUntil(number, ({ problem }) => problem?.code === 'NotInPool', { timeout: 20_000 }),
  ).toMatchObject({ state: 'Added' });
});

test("a WABA that Meta refuses to show does not hide another customer's claim", async () => {
  const number = '15550300006';
  const other = '102290129340399';
  await laptop.sim.claim(await verified(number), other);
  await laptop.sim.fault({ call: 'phone_numbers', error: { code: 200 } });
  const { differences } = await run();
  const later = await run();
  expect(differences).toContainEqual(expect.objectContaining({ kind: 'unreadable', done: null }));
  expect([...differences, ...later.differences]).toContainEqual(
    expect.objectContaining({ kind: 'claimed', phoneNumber: number, done: 'claim' }),
  );
  await pool.waitFor(number, 'Claimed');
});

test('if Meta refuses to show the pool, the error says in one sentence why and what to do', async () => {
  await laptop.sim.fault({ call: 'preverified_numbers', error: { code: 190 } });
  await expect(run()).rejects.toThrow(
    /^The pool was not reconciled\. Could not read the pool of portfolio 506914307656634 \(Meta's code 190\): .* What to do: /,
  );
});

test('one reconciliation runs at a time: one that is requested meanwhile waits, one that is due by schedule is skipped', async () => {
  await laptop.sim.fault({ call: 'preverified_numbers', barrier: 'first page' });
  const lines: string[] = [];
  const first = run();
  await laptop.sim.arrived('first page');
  const second = reconcile(
    laptop.connected.client,
    { portfolioId, dryRun: true },
    { onProgress: (line) => lines.push(line) },
  );
  const due = await laptop.connected.client.workflow.execute('reconcileOnSchedule', {
    workflowId: 'due',
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ portfolioId }],
  });
  expect(due).toBeNull();
  await laptop.sim.release('first page');
  const [one, two] = [await first, await second];
  expect(lines[0]).toBe('waiting for the reconciliation that is already running');
  expect(Date.parse(two.startedAt)).toBeGreaterThanOrEqual(Date.parse(one.finishedAt!));
});

test('a worker schedules an hourly reconciliation, and keeps an interval that a person chose', async () => {
  const { client } = laptop.connected;
  const schedule = client.schedule.getHandle(`reconcile:${portfolioId}`);
  const every = async () => (await schedule.describe()).spec.intervals?.[0]?.every;
  expect(await every()).toBe(60 * 60 * 1000);
  await setSchedule(client, portfolioId, 10 * 60 * 1000);
  await laptop.stopWorker();
  await laptop.startWorker();
  expect(await every()).toBe(10 * 60 * 1000);
  const { policies } = await schedule.describe();
  expect(policies.overlap).toBe('SKIP');

  await schedule.trigger();
  let started;
  do started = (await schedule.describe()).info.recentActions[0]?.action.workflow.workflowId;
  while (!started);
  expect(await client.workflow.getHandle(started).result()).toMatchObject({ portfolioId, dryRun: false });
});
