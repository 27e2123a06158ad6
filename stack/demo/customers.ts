import Table from 'cli-table3';
import type { CustomerRecord } from '../../client';
import type { SimulatorClient } from '../../simulator/client';
import type { Cast } from './cast';
import type { Ending } from './ending';

/**
 * What the partner has at Meta, so that customers can be connected. The workers have no META_SYSTEM_USER_ID: that step is
 * skipped for every customer, for what is configured holds for a worker and not for one customer.
 */
export const creditLine = {
  META_CREDIT_LINE_ID: '5510000000000001',
  META_CREDIT_CURRENCY: 'USD',
};

export async function setUpPartner(sim: SimulatorClient, env: Record<string, string>): Promise<void> {
  const portfolioId = String(env['PORTFOLIO_ID']);
  await sim.setApp({ id: String(env['META_APP_ID']), secret: String(env['META_APP_SECRET']), portfolioId });
  await sim.addCreditLine(portfolioId, creditLine.META_CREDIT_LINE_ID);
}

/** Somebody writes to each customer, and one leaves. @returns whether all is as it should be */
export async function customersAct(cast: Cast, endings: readonly Ending[]): Promise<boolean> {
  const { pool, sim } = cast;
  const registered = endings.flatMap(({ record: { state, claim, phoneNumber } }) =>
    state === 'Registered' && claim ? [{ wabaId: claim.wabaId, phoneNumber }] : [],
  );
  const table = new Table({
    head: ['', 'WABA', 'signed up', 'steps', 'message', 'now'],
    style: { head: [], border: [] },
  });
  let right = true;
  const skipped = new Set<string>();
  // Of whom only a claim is known is not connected yet: there is time to say that they pay for themselves.
  const paysItself = registered.find(({ wabaId }) => !cast.signups.has(wabaId))?.wabaId;
  if (paysItself) await sim.setWaba(paysItself, { paysItself: true });
  for (const [index, { wabaId, phoneNumber }] of registered.entries()) {
    // Those of whom only a claim is known wait for a token of their own for five minutes, which is real time.
    await pool.connectCustomer(wabaId, wabaId === paysItself ? { creditLine: false } : {});
    const connected = await pool.waitUntilCustomer(wabaId, isConnected, { timeout: 30_000 });
    const { delivered } = await sim.writeTo(phoneNumber, 'Hello!');
    const leaves = index === registered.length - 1;
    const last = leaves ? await leave(cast, wabaId) : connected;
    right &&= delivered && last.state === (leaves ? 'Left' : 'Connected');
    for (const { status, problem } of connected.steps)
      if (status === 'skipped' && problem) skipped.add(problem);
    table.push([
      delivered ? '✓' : '✗',
      wabaId,
      cast.signups.get(wabaId) ?? 'no code: only the claim is known',
      connected.steps.map(({ name, status }) => `${stepTitles[name]}: ${status}`).join('\n'),
      delivered ? 'came in' : 'did not come in',
      leaves ? `${last.state}: it was all taken back` : last.state,
    ]);
  }
  console.log(`\nThe customers (preverified customers list):\n${table.toString()}`);
  console.log(`Why steps were skipped: ${[...skipped].join(' ')}`);
  return right;
}

const stepTitles = {
  exchange: 'token of their own',
  subscribe: 'webhooks subscribed',
  assignSystemUser: 'system user assigned',
  creditLine: 'credit line shared',
};

const isConnected = ({ state }: CustomerRecord) => state === 'Connected';

/** The customer ends it, and Meta tells us. */
async function leave(cast: Cast, wabaId: string): Promise<CustomerRecord> {
  const { pool, sim } = cast;
  await sim.leave(wabaId);
  await cast.metaReportsDeparture(wabaId);
  return pool.waitUntilCustomer(wabaId, ({ state }) => state === 'Left', { timeout: 30_000 });
}
