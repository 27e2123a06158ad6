import { MockActivityEnvironment } from '@temporalio/testing';
import { WorkflowFailedError } from '@temporalio/client';
import { auditNumber } from '../../audit';
import { readEndpointsFile, type EndpointsFile } from '../../activities/webhooks/endpoints';
import { createWebhookActivities } from '../../worker/webhooks/webhook-activities';
import type { WebhookEvent } from '../../contract/webhook-events';
import { portfolioId, waba } from '../client/laptop';
import { quietLogger } from '../support/quiet';
import { newSecret, Receiver } from './receiver';
import { PoolWithWebhooks } from './pool-with-webhooks';

const DAY = 86_400_000;
const MINUTE = 60_000;
const early = '15550320000';
const crm = new Receiver();
const partner = new Receiver();
const flaky = new Receiver();

let setup: PoolWithWebhooks;
let earlyHistory: { type: string; activity: string | undefined }[];
beforeAll(async () => {
  await Promise.all([crm, partner, flaky].map((receiver) => receiver.up()));
  setup = await PoolWithWebhooks.start();
  await setup.verified(early);
  earlyHistory = await setup.history(`number:${early}`);
  await setup.setEndpoints({
    crm: { receiver: crm, secrets: [newSecret(), crm.secret] },
    'partner-42': { receiver: partner, partnerBusinessId: '42' },
    flaky: { receiver: flaky, events: ['number.verified'] },
  });
}, 120_000);
afterAll(async () => {
  await setup.close();
  await Promise.all([crm, partner, flaky].map((receiver) => receiver.down()));
});

const deliveryOf = (endpoint: string, id: string) =>
  setup.laptop.connected.client.workflow.getHandle(`webhook:${endpoint}:${id}`);
const started = async (handle: ReturnType<typeof deliveryOf>) => {
  for (;;) {
    const found = await handle.describe().catch(() => null);
    if (found) return found;
  }
};

test('the audit of a number that has just ended agrees, though its last webhooks may still be on their way', async () => {
  const number = '15550320009';
  await setup.added(number);
  await setup.pool.remove(number, { reason: 'not needed' });
  const { client } = setup.laptop.connected;
  await client.workflow.getHandle(`number:${number}`).result();
  expect((await auditNumber(client, number)).agrees).toBe(true);
});

test('each change of state is delivered once, signed, with the facts that a service needs', async () => {
  const number = '15550320001';
  const preverifiedId = await setup.verified(number);
  await setup.laptop.sim.claim(preverifiedId, waba);
  await setup.pool.claim(number, { wabaId: waba, customerId: 'c1', source: 'test', by: 'onboarding' });
  await setup.pool.register(number, { pin: '135792' });
  const states = ['added', 'code_requested', 'verified', 'claimed', 'registered'];
  for (const state of states) await crm.receives(`number.${state}`, number);
  expect(crm.types(number).sort()).toEqual(states.map((state) => `number.${state}`).sort());

  const { transitions } = await setup.pool.get(number);
  const [first, ...changes] = crm
    .about(number)
    .map(({ body }) => body.timestamp)
    .sort();
  expect(changes).toEqual(transitions.map(({ at }) => at));
  expect(Date.parse(first!)).toBeLessThanOrEqual(Date.parse(changes[0]!));
  expect((await crm.receives('number.claimed', number)).body).toEqual({
    type: 'number.claimed',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: {
      phoneNumber: number,
      portfolioId,
      preverifiedId,
      state: 'Claimed',
      from: 'Verified',
      event: 'confirmClaim',
      by: 'onboarding',
      verificationExpiresAt: expect.any(String),
      nextDeadline: { at: expect.any(String), what: 'must be registered' },
      claim: {
        wabaId: waba,
        phoneNumberId: expect.stringMatching(/^\d+$/),
        customerId: 'c1',
        claimedAt: expect.any(String),
      },
      problem: null,
    },
  });
  expect(JSON.stringify(crm.received)).not.toMatch(/135792|"pin"|"code":"\d{6}"|EAAJB/);
});

test('endpoints cost a number one activity for each of its tasks that caused events; without endpoints it costs nothing', async () => {
  const number = '15550320002';
  await setup.verified(number);
  const deliveries = (history: typeof earlyHistory) =>
    history.filter(({ activity }) => activity === 'startDeliveries').length;
  const without = (history: typeof earlyHistory) => ({
    tasks: history.filter(({ type }) => type === 'workflowTaskCompletedEventAttributes').length,
    calls: history.filter(({ activity }) => activity !== undefined && activity !== 'startDeliveries').length,
  });
  await crm.receives('number.verified', number);
  const history = await setup.history(`number:${number}`);
  expect(deliveries(earlyHistory)).toBe(0);
  expect(deliveries(history)).toBe(3);
  expect(without(history).calls).toBe(without(earlyHistory).calls);
  expect(without(history).tasks - without(earlyHistory).tasks).toBeLessThanOrEqual(3);
});

test('numbers that were added before there were endpoints send webhooks once there are', async () => {
  await setup.checked();
  await setup.pool.remove(early);
  await crm.receives('number.removed', early);
  expect(crm.types(early)).toEqual(['number.removed']);
});

test('an endpoint that is down gets its webhook when it is up again, and delays nobody else meanwhile', async () => {
  const number = '15550320003';
  await flaky.down();
  await setup.verified(number);
  const { id } = await crm.receives('number.verified', number);
  expect(await setup.pool.get(number)).toMatchObject({ state: 'Verified' });
  const handle = deliveryOf('flaky', id);
  let pending;
  do pending = (await started(handle)).raw.pendingActivities?.[0];
  while (!pending?.lastFailure);
  await flaky.up();
  expect((await flaky.receives('number.verified', number)).id).toBe(id);
  expect(await handle.result()).toBe('delivered');
});

test('a retry follows Retry-After and keeps the ID; 410 Gone ends the delivery', async () => {
  const number = '15550320004';
  flaky.requests.length = 0;
  flaky.answers.push({ status: 429, headers: { 'retry-after': '2' } });
  await setup.verified(number);
  const { id } = await flaky.receives('number.verified', number);
  const [first, second] = flaky.requests.filter((request) => request.id === id);
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(2_000);

  const gone = '15550320005';
  flaky.answers.push(410);
  await setup.verified(gone);
  const handle = deliveryOf('flaky', (await crm.receives('number.verified', gone)).id);
  await started(handle);
  const failed = await handle.result().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WorkflowFailedError);
  expect((failed as WorkflowFailedError).cause).toMatchObject({
    type: 'NotDelivered',
    message: expect.stringMatching(
      /^number\.verified .* was not delivered to flaky\. flaky accepts no more webhooks: it answered with 410\.$/,
    ),
  });
  expect(flaky.types(gone)).toEqual([]);
});

test('a claim and a removal end the sharing and notify the partner once, though answers are lost; partners get nothing else', async () => {
  const [claimed, removed, others] = ['15550320006', '15550320007', '15550320008'];
  const { pool, laptop } = setup;
  const ids = new Map<string, string>();
  for (const number of [claimed, removed, others]) {
    ids.set(number, await setup.verified(number));
    await pool.share(number, { partnerBusinessId: number === others ? '43' : '42' });
  }
  const sharedWith = async (partnerId: string) => {
    for (;;) {
      const found: string[] = [];
      for await (const { phoneNumber } of pool.list({ partnerBusinessId: partnerId }))
        found.push(phoneNumber);
      if (found.length === (partnerId === '42' ? 2 : 1)) return found.sort();
    }
  };
  expect(await sharedWith('42')).toEqual([claimed, removed]);
  expect(await sharedWith('43')).toEqual([others]);

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
  await partner.receives('partner.number_claimed', claimed);
  await partner.receives('partner.number_removed', removed);
  await crm.receives('partner.number_claimed', others);
  expect(partner.received.map(({ body }) => body.data['phoneNumber'] as string).sort()).toEqual([
    claimed,
    removed,
  ]);
  expect(JSON.stringify(partner.received)).not.toMatch(new RegExp(`secret-customer|${waba}`));
});

test('a problem that needs a person is delivered', async () => {
  const number = '15550320009';
  await setup.added(number);
  await setup.laptop.sim.fault({ call: 'request_code', number, error: { code: 190 } });
  await setup.pool.requestCode(number).catch(() => undefined);
  const { body } = await crm.receives('warning.problem', number);
  expect(body.data['problem']).toMatchObject({ code: '190', whatToDo: expect.stringMatching(/token/) });
});

test('a number that Meta refuses to add is delivered as rejected, though it never was in the pool', async () => {
  const number = '15550320019';
  await setup.laptop.sim.fault({ call: 'add_phone_numbers', number, error: { code: 100 } });
  await setup.pool.add(number);
  expect((await crm.receives('number.rejected', number)).body.data).toMatchObject({ state: 'Rejected' });
  expect((await auditNumber(setup.laptop.connected.client, number)).agrees).toBe(true);
});

describe('the activity that starts deliveries', () => {
  const event = (id: string): WebhookEvent => ({
    id,
    type: 'number.rejected',
    at: new Date().toISOString(),
    partnerBusinessId: null,
    data: { phoneNumber: id },
  });
  const activities = (file: EndpointsFile) =>
    createWebhookActivities(setup.laptop.connected.client, file, DAY);
  const run = (file: EndpointsFile, id: string, age = 0) =>
    new MockActivityEnvironment({ scheduledTimestampMs: Date.now() - age }, { logger: quietLogger }).run(
      (input: { events: WebhookEvent[] }) => activities(file).startDeliveries(input),
      { events: [event(id)] },
    );
  const noEndpoints = { endpoints: [], stock: {} };
  const oneEndpoint = (): EndpointsFile => {
    const read = readEndpointsFile(
      JSON.stringify({
        endpoints: [{ name: 'crm', url: 'https://crm.example.com', secrets: [newSecret()] }],
      }),
    );
    if (!read.ok) throw new Error(read.faults.join());
    return read.file;
  };

  test('starts a delivery once, though it is retried because its worker died', async () => {
    expect(await run(oneEndpoint(), '15550320010')).toEqual({ webhooks: true });
    const { runId } = await deliveryOf('crm', '15550320010').describe();
    expect(await deliveryOf('crm', '15550320010').result()).toBe('delivered');
    expect(await run(oneEndpoint(), '15550320010')).toEqual({ webhooks: true });
    expect((await deliveryOf('crm', '15550320010').describe()).runId).toBe(runId);
    expect(crm.about('15550320010')).toHaveLength(1);
  });

  test('without endpoints leaves it to other workers for ten minutes, and then turns webhooks off', async () => {
    await expect(run(noEndpoints, '15550320011')).rejects.toMatchObject({
      type: 'NotConfigured',
      nonRetryable: false,
    });
    expect(await run(noEndpoints, '15550320011', 11 * MINUTE)).toEqual({ webhooks: false });
  });
});

test('the audit finds the webhooks that the chart causes', async () => {
  const number = '15550320013';
  await setup.verified(number);
  await crm.receives('number.verified', number);
  const audit = await auditNumber(setup.laptop.connected.client, number);
  expect(audit.runs.flatMap(({ findings }) => findings)).toEqual([]);
  expect(
    audit.runs[0]?.rows.filter(({ what }) => what === 'sends webhooks').map(({ detail }) => detail),
  ).toEqual(['number.added', 'number.code_requested', 'number.verified']);
});

test('neither address nor secret of an endpoint is written to Temporal', async () => {
  const number = '15550320012';
  await setup.verified(number);
  const { id } = await crm.receives('number.verified', number);
  const handle = deliveryOf('crm', id);
  await handle.result();
  const raw = JSON.stringify(await decryptedHistory(handle.workflowId));
  expect(raw).toContain(number);
  for (const secret of [crm.secret, crm.url, new URL(crm.url).host]) expect(raw).not.toContain(secret);
});

test('while no worker has endpoints, a number goes on, and its events are delivered later', async () => {
  const number = '15550320014';
  await setup.added(number);
  await crm.receives('number.added', number);
  await setup.setEndpoints(null);
  await setup.verify(number);
  expect(await setup.pool.get(number)).toMatchObject({ state: 'Verified' });
  await setup.setEndpoints({ crm: { receiver: crm } });
  await crm.receives('number.verified', number);
  await crm.receives('number.code_requested', number);
  expect(crm.types(number)).toHaveLength(3);
});

async function decryptedHistory(workflowId: string): Promise<unknown> {
  const { client } = setup.laptop.connected;
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
