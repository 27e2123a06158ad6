import { MockActivityEnvironment } from '@temporalio/testing';
import { WorkflowFailedError } from '@temporalio/client';
import { auditNumber } from '../../audit';
import { readEndpoints, type Endpoints } from '../../activities/webhooks/endpoints';
import { createNewsActivities } from '../../worker/webhooks/webhook-activities';
import type { WebhookEvent } from '../../contract/webhook-events';
import { portfolioId, waba } from '../client/laptop';
import { quietLogger } from '../support/quiet';
import { newSecret, Receiver } from './receiver';
import { ToldPool } from './pool-with-webhooks';

const DAY = 86_400_000;
const MINUTE = 60_000;
const early = '15550320000';
const crm = new Receiver();
const partner = new Receiver();
const flaky = new Receiver();

let told: ToldPool;
let earlyHistory: { type: string; activity: string | undefined }[];
beforeAll(async () => {
  await Promise.all([crm, partner, flaky].map((receiver) => receiver.up()));
  told = await ToldPool.start();
  await told.verified(early);
  earlyHistory = await told.history(`number:${early}`);
  await told.tell({
    crm: { receiver: crm, secrets: [newSecret(), crm.secret] },
    'partner-42': { receiver: partner, partnerBusinessId: '42' },
    flaky: { receiver: flaky, events: ['number.verified'] },
  });
}, 120_000);
afterAll(async () => {
  await told.close();
  await Promise.all([crm, partner, flaky].map((receiver) => receiver.down()));
});

const tellOf = (endpoint: string, id: string) =>
  told.laptop.connected.client.workflow.getHandle(`webhook:${endpoint}:${id}`);
const started = async (handle: ReturnType<typeof tellOf>) => {
  for (;;) {
    const found = await handle.describe().catch(() => null);
    if (found) return found;
  }
};

test('a life whose end is still to be told agrees with the chart', async () => {
  const number = '15550320009';
  await told.added(number);
  await told.pool.remove(number, { reason: 'not needed' });
  const { client } = told.laptop.connected;
  await client.workflow.getHandle(`number:${number}`).result();
  expect((await auditNumber(client, number)).agrees).toBe(true);
});

test('every change of state is told, signed, once, in words that a service can act on', async () => {
  const number = '15550320001';
  const preverifiedId = await told.verified(number);
  await told.laptop.sim.claim(preverifiedId, waba);
  await told.pool.claim(number, { wabaId: waba, customerId: 'c1', source: 'test', by: 'onboarding' });
  await told.pool.register(number, { pin: '135792' });
  const states = ['added', 'code_requested', 'verified', 'claimed', 'registered'];
  for (const state of states) await crm.takes(`number.${state}`, number);
  expect(crm.types(number).sort()).toEqual(states.map((state) => `number.${state}`).sort());

  const { transitions } = await told.pool.get(number);
  const [first, ...changes] = crm
    .about(number)
    .map(({ body }) => body.timestamp)
    .sort();
  expect(changes).toEqual(transitions.map(({ at }) => at));
  expect(Date.parse(first!)).toBeLessThanOrEqual(Date.parse(changes[0]!));
  expect((await crm.takes('number.claimed', number)).body).toEqual({
    type: 'number.claimed',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: {
      phoneNumber: number,
      portfolioId,
      preverifiedId,
      state: 'Claimed',
      from: 'Verified',
      event: 'claim',
      by: 'onboarding',
      verificationExpiresAt: expect.any(String),
      nextDeadline: { at: expect.any(String), what: 'must be registered' },
      claim: { wabaId: waba, phoneNumberId: null, customerId: 'c1', claimedAt: expect.any(String) },
      problem: null,
    },
  });
  expect(JSON.stringify(crm.received)).not.toMatch(/135792|"pin"|"code":"\d{6}"|EAAJB/);
});

test('whoever is told costs a number one activity for each of its tasks that brought news; nobody costs nothing', async () => {
  const number = '15550320002';
  await told.verified(number);
  const deliveries = (history: typeof earlyHistory) =>
    history.filter(({ activity }) => activity === 'startDeliveries').length;
  const without = (history: typeof earlyHistory) => ({
    tasks: history.filter(({ type }) => type === 'workflowTaskCompletedEventAttributes').length,
    calls: history.filter(({ activity }) => activity !== undefined && activity !== 'startDeliveries').length,
  });
  await crm.takes('number.verified', number);
  const history = await told.history(`number:${number}`);
  expect(deliveries(earlyHistory)).toBe(0);
  expect(deliveries(history)).toBe(3);
  expect(without(history).calls).toBe(without(earlyHistory).calls);
  expect(without(history).tasks - without(earlyHistory).tasks).toBeLessThanOrEqual(3);
});

test('numbers that lived before anybody was to be told tell from then on', async () => {
  await told.looked();
  await told.pool.remove(early);
  await crm.takes('number.removed', early);
  expect(crm.types(early)).toEqual(['number.removed']);
});

test('an endpoint that is down is told when it is up again, and holds nobody up meanwhile', async () => {
  const number = '15550320003';
  await flaky.down();
  await told.verified(number);
  const { id } = await crm.takes('number.verified', number);
  expect(await told.pool.get(number)).toMatchObject({ state: 'Verified' });
  const handle = tellOf('flaky', id);
  let pending;
  do pending = (await started(handle)).raw.pendingActivities?.[0];
  while (!pending?.lastFailure);
  await flaky.up();
  expect((await flaky.takes('number.verified', number)).id).toBe(id);
  expect(await handle.result()).toBe('taken');
});

test('an endpoint that asks for a wait is told after it, with the same ID, and one that is gone is given up', async () => {
  const number = '15550320004';
  flaky.requests.length = 0;
  flaky.answers.push({ status: 429, headers: { 'retry-after': '2' } });
  await told.verified(number);
  const { id } = await flaky.takes('number.verified', number);
  const [first, second] = flaky.requests.filter((request) => request.id === id);
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(2_000);

  const gone = '15550320005';
  flaky.answers.push(410);
  await told.verified(gone);
  const handle = tellOf('flaky', (await crm.takes('number.verified', gone)).id);
  await started(handle);
  const failed = await handle.result().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WorkflowFailedError);
  expect((failed as WorkflowFailedError).cause).toMatchObject({
    type: 'NotDelivered',
    message: expect.stringMatching(
      /^flaky was not told of number\.verified .* It wants no more: it answered with 410\.$/,
    ),
  });
  expect(flaky.types(gone)).toEqual([]);
});

test('partners are unshared and told of a claim and a removal, once though answers are lost, and of nothing else', async () => {
  const [claimed, removed, others] = ['15550320006', '15550320007', '15550320008'];
  const { pool, laptop } = told;
  const ids = new Map<string, string>();
  for (const number of [claimed, removed, others]) {
    ids.set(number, await told.verified(number));
    await pool.share(number, { partnerBusinessId: number === others ? '43' : '42' });
  }
  const had = async (partnerId: string) => {
    for (;;) {
      const found: string[] = [];
      for await (const { phoneNumber } of pool.list({ partner: partnerId })) found.push(phoneNumber);
      if (found.length === (partnerId === '42' ? 2 : 1)) return found.sort();
    }
  };
  expect(await had('42')).toEqual([claimed, removed]);
  expect(await had('43')).toEqual([others]);

  await laptop.sim.fault({ call: 'unshare_preverified_numbers', number: removed, answerLost: true });
  await laptop.sim.fault({ call: 'delete_preverified_number', number: removed, answerLost: true });
  expect(await pool.remove(removed)).toMatchObject({ state: 'Removed', sharedWith: [] });
  const unshared = await laptop.sim.calls({ call: 'unshare_preverified_numbers', number: removed });
  expect(unshared).toMatchObject([{ status: 200, answerLost: true }]);

  for (const number of [claimed, others]) {
    await laptop.sim.claim(ids.get(number)!, waba);
    await laptop.sim.fault({ call: 'phone_numbers', answerLost: true });
    await pool.claim(number, { wabaId: waba, customerId: 'secret-customer', source: 'test' });
    expect(await pool.get(number)).toMatchObject({ state: 'Claimed', sharedWith: [] });
  }
  await partner.takes('partner.number_claimed', claimed);
  await partner.takes('partner.number_removed', removed);
  await crm.takes('partner.number_claimed', others);
  expect(partner.received.map(({ body }) => body.data['phoneNumber'] as string).sort()).toEqual([
    claimed,
    removed,
  ]);
  expect(JSON.stringify(partner.received)).not.toMatch(new RegExp(`secret-customer|${waba}`));
});

test('a problem that only a person can mend is told', async () => {
  const number = '15550320009';
  await told.added(number);
  await told.laptop.sim.fault({ call: 'request_code', number, error: { code: 190 } });
  await told.pool.requestCode(number).catch(() => undefined);
  const { body } = await crm.takes('warning.problem', number);
  expect(body.data['problem']).toMatchObject({ code: '190', whatToDo: expect.stringMatching(/token/) });
});

test('a number that Meta refuses to add is told of, though it never was in the pool', async () => {
  const number = '15550320019';
  await told.laptop.sim.fault({ call: 'add_phone_numbers', number, error: { code: 100 } });
  await told.pool.add(number);
  expect((await crm.takes('number.rejected', number)).body.data).toMatchObject({ state: 'Rejected' });
  expect((await auditNumber(told.laptop.connected.client, number)).agrees).toBe(true);
});

describe('the activity that begins to tell', () => {
  const event = (id: string): WebhookEvent => ({
    id,
    type: 'number.rejected',
    at: new Date().toISOString(),
    partnerBusinessId: null,
    data: { phoneNumber: id },
  });
  const activities = (endpoints: Endpoints) =>
    createNewsActivities(told.laptop.connected.client, endpoints, DAY);
  const run = (endpoints: Endpoints, id: string, age = 0) =>
    new MockActivityEnvironment({ scheduledTimestampMs: Date.now() - age }, { logger: quietLogger }).run(
      (input: { events: WebhookEvent[] }) => activities(endpoints).startDeliveries(input),
      { events: [event(id)] },
    );
  const nobody = { endpoints: [], stock: {} };
  const one = (): Endpoints => {
    const read = readEndpoints(
      JSON.stringify({
        endpoints: [{ name: 'crm', url: 'https://crm.example.com', secrets: [newSecret()] }],
      }),
    );
    if (!read.ok) throw new Error(read.faults.join());
    return read.endpoints;
  };

  test('tells once, though its worker died before it could say so', async () => {
    expect(await run(one(), '15550320010')).toEqual({ webhooks: true });
    const { runId } = await tellOf('crm', '15550320010').describe();
    expect(await tellOf('crm', '15550320010').result()).toBe('taken');
    expect(await run(one(), '15550320010')).toEqual({ webhooks: true });
    expect((await tellOf('crm', '15550320010').describe()).runId).toBe(runId);
    expect(crm.about('15550320010')).toHaveLength(1);
  });

  test('leaves it to another worker where its own has no endpoints, and after ten minutes says that nobody is told', async () => {
    await expect(run(nobody, '15550320011')).rejects.toMatchObject({
      type: 'AnotherWorker',
      nonRetryable: false,
    });
    expect(await run(nobody, '15550320011', 11 * MINUTE)).toEqual({ webhooks: false });
  });
});

test('an auditor finds that others were told what the chart gives', async () => {
  const number = '15550320013';
  await told.verified(number);
  await crm.takes('number.verified', number);
  const audit = await auditNumber(told.laptop.connected.client, number);
  expect(audit.runs.flatMap(({ findings }) => findings)).toEqual([]);
  expect(
    audit.runs[0]?.rows.filter(({ what }) => what === 'tells others').map(({ detail }) => detail),
  ).toEqual(['number.added', 'number.code_requested', 'number.verified']);
});

test('neither address nor secret of an endpoint is written to Temporal', async () => {
  const number = '15550320012';
  await told.verified(number);
  const { id } = await crm.takes('number.verified', number);
  const handle = tellOf('crm', id);
  await handle.result();
  const raw = JSON.stringify(await decodedHistory(handle.workflowId));
  expect(raw).toContain(number);
  for (const secret of [crm.secret, crm.url, new URL(crm.url).host]) expect(raw).not.toContain(secret);
});

test('while no worker knows whom to tell, a number goes on, and what happened is told later', async () => {
  const number = '15550320014';
  await told.added(number);
  await crm.takes('number.added', number);
  await told.tell(null);
  await told.verify(number);
  expect(await told.pool.get(number)).toMatchObject({ state: 'Verified' });
  await told.tell({ crm: { receiver: crm } });
  await crm.takes('number.verified', number);
  await crm.takes('number.code_requested', number);
  expect(crm.types(number)).toHaveLength(3);
});

async function decodedHistory(workflowId: string): Promise<unknown> {
  const { client } = told.laptop.connected;
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const { payloadCodecs } = client.options.loadedDataConverter;
  const open = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(open));
    if (value instanceof Uint8Array) return Buffer.from(value).toString();
    if (typeof value !== 'object' || value === null) return String(value);
    if ('metadata' in value && 'data' in value) {
      const [clear] = await payloadCodecs[0]!.decode([value as never]);
      return Buffer.from(clear!.data!).toString();
    }
    const entries = Object.entries(value).map(async ([key, held]) => [key, await open(held)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return open(events);
}
