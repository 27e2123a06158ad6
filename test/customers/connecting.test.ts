import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGraphClient } from '../../activities/graph';
import type { NumberPool } from '../../client';
import { openRecords } from '../../records';
import { needs, readSettings } from '../../settings';
import type { WabaId } from '../../contract/ids';
import { workflowIdOf } from '../../contract/workflow-ids';
import { run } from '../cli/cli';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { until } from '../signup/until';
import {
  app,
  businessId,
  creditLine,
  partnerSettings,
  partnerLaptop,
  successes,
  systemUser,
  wabaAtMeta,
} from './partner';

/** What happens from a claim to a customer who can message, and when they leave, on a real server. */

let laptop: Laptop;
let pool: NumberPool;
beforeEach(async () => {
  laptop = await partnerLaptop();
  pool = laptop.pool();
});
afterEach(() => laptop.close());

const number = '15550783881';
const byHand = { requestCode: false, reverify: false, register: false };

/** A number is verified, claimed by a customer and registered. */
async function claimed(digits = number): Promise<void> {
  await pool.add(`+${digits}`);
  await pool.submitCode(digits, { code: await laptop.sim.nextMessage(digits) });
  await laptop.sim.request('POST', 'claim', { phoneNumber: digits, wabaId: waba, businessId });
  await pool.claim(digits, { wabaId: waba, source: 'test', customerId: 'acme' });
  await pool.waitFor(digits, 'Registered', { timeout: 30_000 });
}

const calls = (call: string) => successes(laptop.sim, call);

test('a confirmed claim begins the customer, who is connected once: subscribed, assigned, funded, and can message', async () => {
  await claimed();
  expect(await pool.getCustomer(waba)).toMatchObject({ state: 'Signing', tokenHeld: false });
  await pool.connectCustomer(waba, { customerId: 'acme', businessId });
  const customer = await pool.waitUntilCustomer(
    waba,
    ({ state, numbersAtMeta }) => state === 'Connected' && numbersAtMeta.length > 0,
    { timeout: 30_000 },
  );
  expect(customer).toMatchObject({
    businessId,
    customerId: 'acme',
    numbers: [number],
    numbersAtMeta: [{ phoneNumber: number, status: 'CONNECTED', nameStatus: 'APPROVED' }],
    problem: null,
    steps: [
      { name: 'exchange', status: 'skipped' },
      { name: 'subscribe', status: 'done' },
      { name: 'assignSystemUser', status: 'done' },
      { name: 'creditLine', status: 'done' },
    ],
  });
  expect(await wabaAtMeta(laptop.sim)).toMatchObject({
    subscribedAppIds: [app.id],
    assignedUserIds: [systemUser],
    funded: true,
    currency: 'USD',
  });
  expect(await calls('whatsapp_credit_sharing_and_attach')).toBe(1);
  expect(await laptop.sim.writeTo(number, 'Hello')).toMatchObject({ delivered: true });
  const history = await laptop.connected.client.workflow.getHandle(workflowIdOf(number)).fetchHistory();
  const activities = history.events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(activities).toEqual(['addNumber', 'requestCode', 'verifyCode', 'confirmClaim', 'registerNumber']);
});

test('a code that brought no token is told in the record of the customer, who is connected by the system token', async () => {
  const records = await openRecords(readSettings(needs.records, laptop.env));
  const problem = "The signup's code was too old: the customer must sign in again.";
  await records.signupExchanges.fail(
    {
      ...{ id: 'hash', session: 'one', customerId: 'acme', phoneNumber: number },
      ...{ at: new Date().toISOString(), named: [waba as WabaId] },
    },
    problem,
  );
  await records.close();
  await claimed();
  const customer = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', {
    timeout: 30_000,
  });
  expect(customer.tokenHeld).toBe(false);
  expect(customer.steps[0]).toMatchObject({ name: 'exchange', status: 'failed', problem });
});

test('a customer who has left at Meta leaves: the credit line is revoked, what they held is closed, and they can come back', async () => {
  await claimed();
  await expect(pool.add(number, { again: true })).rejects.toMatchObject({ type: 'WrongState' });
  const pin = await pool.readPin(number, 'test');
  await pool.connectCustomer(waba, { businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  await laptop.sim.leave(waba);
  await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_REMOVED', businessId });
  const left = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Left', { timeout: 30_000 });
  expect(left).toMatchObject({ phase: '', problem: null, tokenHeld: false });
  const { creditShares } = await wabaAtMeta(laptop.sim);
  expect(creditShares).toMatchObject([{ creditLineId: creditLine, requestStatus: 'DELETED' }]);
  expect(await calls('revoke_credit_sharing')).toBe(1);
  const [holding] = await pool.history(number);
  expect(holding).toMatchObject({ wabaId: waba, to: expect.any(String) });

  // They have not deleted it yet: Meta says no, and nothing of the earlier life is lost.
  await pool.add(number, { again: true, automation: byHand });
  const refused = await pool.waitFor(number, 'Rejected', { timeout: 30_000 });
  expect(refused.problem).not.toBeNull();
  await laptop.sim.deletePhoneNumber(number, pin);
  expect(await pool.add(number, { again: true, automation: byHand })).toMatchObject({ outcome: 'added' });
  await pool.waitUntil(number, ({ phase }) => phase === 'waiting', { timeout: 30_000 });
  // What is done with all of a customer's numbers must not meet the new life of one that was theirs.
  for await (const listed of pool.list({ wabaId: waba })) throw new Error(`${listed.phoneNumber} is listed`);

  await laptop.sim.setWaba(waba, { sharedWith: [portfolioId] });
  await pool.connectCustomer(waba, { businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  for await (const listed of pool.listCustomers({ state: 'Left' }))
    throw new Error(`${listed.wabaId} is listed`);
  expect(await calls('whatsapp_credit_sharing_and_attach')).toBe(2);
});

test('of a connected customer whom another business wants, the command says that it was refused', async () => {
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await pool.connectCustomer(waba, { businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  const same = await run(['customers', 'connect', waba, '--business-id', businessId], laptop.env);
  expect(same).toMatchObject({ code: 0 });
  const other = await run(['customers', 'connect', waba, '--business-id', '4711'], laptop.env);
  expect(other.code).toBe(1);
  expect(other.err).toMatch(/names business 4711: nothing was done/);
});

test('a lie about a departure revokes nothing, and one about another business is refused', async () => {
  await pool.connectCustomer(waba, { businessId });
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  await pool.signalCustomer('reportDeparture', waba, { event: 'ACCOUNT_DELETED', businessId });
  const doubted = await pool.waitUntilCustomer(waba, ({ lastRefusal }) => lastRefusal !== null, {
    timeout: 30_000,
  });
  expect(doubted).toMatchObject({ state: 'Connected', lastRefusal: { type: 'NotLeft' } });
  await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_REMOVED', businessId: '4711' });
  const refused = await pool.waitUntilCustomer(
    waba,
    ({ lastRefusal }) => lastRefusal?.type === 'WrongBusiness',
    { timeout: 30_000 },
  );
  expect(refused.state).toBe('Connected');
  expect(await calls('revoke_credit_sharing')).toBe(0);
});

test('a customer who uninstalls our app leaves, though the WABA stays shared and another report is being looked at', async () => {
  const { sim } = laptop;
  await sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await pool.connectCustomer(waba, { businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  await pool.refreshCustomer(waba);
  await sim.fault({ call: 'get_subscribed_apps', times: 1, barrier: 'look' });
  await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_REMOVED', businessId });
  await sim.arrived('look');
  await sim.leave(waba, 'PARTNER_APP_UNINSTALLED', { staysShared: true });
  await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_APP_UNINSTALLED', businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Left', { timeout: 30_000 });
  await sim.release('look');
  expect(await wabaAtMeta(sim)).toMatchObject({
    sharedWith: [portfolioId],
    creditShares: [{ requestStatus: 'DELETED' }],
  });
});

test('a customer who pays Meta themselves is connected without our credit line, until they are to be funded after all', async () => {
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId], paysItself: true });
  await pool.connectCustomer(waba, { creditLine: false });
  const alone = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  expect(alone.steps.at(-1)).toMatchObject({
    ...{ name: 'creditLine', status: 'skipped', problem: 'The customer pays Meta themselves.' },
  });
  expect(await calls('whatsapp_credit_sharing_and_attach')).toBe(0);
  await pool.connectCustomer(waba, { creditLine: true });
  const isFunded = ({ steps }: typeof alone) => steps.at(-1)?.status === 'done';
  await pool.waitUntilCustomer(waba, isFunded, { timeout: 30_000 });
  expect(await calls('whatsapp_credit_sharing_and_attach')).toBe(1);
});

const otherWaba = '102290129340399';
/** Our credit line is shared with WABAs of the business, and no life of a customer has it on record. */
async function sharedBefore(...wabaIds: string[]): Promise<void> {
  const graph = createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'EAAJB' });
  for (const wabaId of wabaIds) {
    await laptop.sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
    await graph.shareCreditLine(creditLine, wabaId as WabaId, 'USD');
  }
}
async function connectedAlone(): Promise<void> {
  await pool.connectCustomer(waba, { businessId, creditLine: false });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
}
const statuses = async (wabaId: string) =>
  (await laptop.sim.wabas())
    .find((each) => each.wabaId === wabaId)
    ?.creditShares.map(({ requestStatus }) => requestStatus);

test('a customer who leaves has our credit line revoked that an earlier life shared, and another WABA of theirs keeps its own', async () => {
  await sharedBefore(waba, otherWaba);
  await connectedAlone();
  await pool.offboardCustomer(waba);
  expect(await statuses(waba)).toEqual(['DELETED']);
  expect(await statuses(otherWaba)).toEqual(['APPROVED']);
});

test('where any of several sharings may be theirs, a person revokes them before the customer has left', async () => {
  await sharedBefore(waba, otherWaba);
  await connectedAlone();
  await laptop.sim.leave(otherWaba);
  await laptop.sim.leave(waba);
  await expect(pool.offboardCustomer(waba)).rejects.toMatchObject({ type: 'MetaRefused' });
  const { problem, phase } = await pool.getCustomer(waba);
  expect(phase).toBe('leaving.waiting');
  expect(problem).toMatchObject({ code: 'SeveralSharings', needsPerson: true });
  const graph = createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'EAAJB' });
  for (const { creditShares } of await laptop.sim.wabas())
    for (const { allocationConfigId } of creditShares) {
      expect(problem?.message).toContain(allocationConfigId);
      await graph.revokeCreditSharing(allocationConfigId);
    }
  expect(await pool.offboardCustomer(waba)).toMatchObject({ state: 'Left' });
});

test('what the workers are set up for later is done for a customer who was connected without it, once connect is sent', async () => {
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await laptop.stopWorker();
  delete laptop.env['META_SYSTEM_USER_ID'];
  delete laptop.env['META_CREDIT_LINE_ID'];
  await laptop.startWorker();
  await pool.connectCustomer(waba, { businessId });
  const without = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', {
    timeout: 30_000,
  });
  expect(without.steps.slice(2)).toMatchObject([
    { status: 'skipped', problem: 'Not configured: set META_SYSTEM_USER_ID for the workers.' },
    { status: 'skipped', problem: 'Not configured: set META_CREDIT_LINE_ID for the workers.' },
  ]);
  await laptop.stopWorker();
  Object.assign(laptop.env, partnerSettings);
  await laptop.startWorker();
  await pool.connectCustomer(waba);
  // By then the new worker has taken in what came while there was none, and answers.
  await until(async () => (await wabaAtMeta(laptop.sim)).funded);
  await pool.waitUntilCustomer(waba, ({ steps }) => steps.slice(2).every(({ status }) => status === 'done'), {
    timeout: 30_000,
  });
  expect(await wabaAtMeta(laptop.sim)).toMatchObject({ assignedUserIds: [systemUser], funded: true });
});

test('the command says at once that a step has failed, a second time too, though its clock is ahead of the worker', async () => {
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  const error = { code: 10, message: 'No permission' };
  await laptop.sim.fault({ call: 'whatsapp_credit_sharing_and_attach', times: 2, error });
  const ahead = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'ahead.cjs');
  writeFileSync(ahead, anHourAhead);
  const env = { ...laptop.env, NODE_OPTIONS: `--require ${ahead}` };
  // Longer than a test may take.
  const connect = () =>
    run(['customers', 'connect', waba, '--business-id', businessId, '--wait', '600'], env);
  for (const _ of [1, 2])
    expect(await connect()).toMatchObject({ code: 1, err: expect.stringContaining('No permission') });
  expect(await connect()).toMatchObject({ code: 0 });
});

const anHourAhead = `
const now = Date.now;
Date.now = () => now() + 60 * 60 * 1000;
const Clock = Date;
globalThis.Date = class extends Clock {
  constructor(...given) {
    super(...(given.length === 0 ? [Clock.now()] : given));
  }
};
`;

test('a step that Meta refuses is a problem in words, and connect tries again; offboard takes everything back', async () => {
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  await laptop.sim.fault({
    call: 'whatsapp_credit_sharing_and_attach',
    times: 1,
    error: { code: 10, message: 'No permission' },
  });
  await pool.connectCustomer(waba, { businessId, currency: 'EUR' });
  const failed = await pool.waitUntilCustomer(waba, ({ problem }) => problem !== null, { timeout: 30_000 });
  expect(failed).toMatchObject({ state: 'Connecting', phase: 'waiting', problem: { code: '10' } });
  await pool.connectCustomer(waba);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  expect(await wabaAtMeta(laptop.sim)).toMatchObject({ currency: 'EUR' });
  expect(await calls('subscribed_apps')).toBe(1);

  const left = await pool.offboardCustomer(waba, { reason: 'contract ended' });
  expect(left).toMatchObject({ state: 'Left' });
  expect(await wabaAtMeta(laptop.sim)).toMatchObject({
    subscribedAppIds: [],
    creditShares: [{ requestStatus: 'DELETED' }],
  });
  await expect(pool.offboardCustomer(waba)).rejects.toMatchObject({ type: 'UnknownCustomer' });
});

test('a changed name that Meta has approved registers the number again, once; one in review is told in words', async () => {
  await claimed();
  await pool.connectCustomer(waba, { businessId });
  await laptop.sim.reviewName(number, 'PENDING_REVIEW');
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  const inReview = await pool.refreshCustomer(waba, { phoneNumber: number });
  expect(inReview.problem).toMatchObject({ code: 'Name_PENDING_REVIEW', needsPerson: false });
  await laptop.sim.reviewName(number, 'APPROVED');
  await laptop.sim.reviewName(number, 'APPROVED', 'Lucky Shrub Gardens');
  await pool.signalCustomer('refresh', waba, { phoneNumber: number });
  await laptop.sim.succeeded('register', number);
  const approved = await pool.waitUntilCustomer(waba, ({ problem }) => problem === null, { timeout: 30_000 });
  expect(approved.numbersAtMeta).toMatchObject([{ nameStatus: 'APPROVED', status: 'CONNECTED' }]);
  for (;;) if ((await calls('register')) === 2) break;
});
