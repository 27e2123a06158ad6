import type { SimulatorClient } from '../../simulator/client';
import { Laptop, portfolioId, waba } from '../client/laptop';

export const creditLine = '5510000000000001';
export const app = { id: '670843887433847', secret: 'app-secret' };
export const businessId = '2729063490586005';
export const systemUser = '1220000000000001';

/** What a worker needs to do everything for customers. */
export const partnerSettings = {
  META_APP_ID: app.id,
  META_APP_SECRET: app.secret,
  META_CREDIT_LINE_ID: creditLine,
  META_CREDIT_CURRENCY: 'USD',
  META_SYSTEM_USER_ID: systemUser,
};

/** What the partner has at Meta: an app, an admin's token, a credit line. */
export async function setUpPartner(sim: SimulatorClient, token = 'EAAJB'): Promise<void> {
  await sim.setApp({ ...app, portfolioId });
  await sim.issueToken({ token, portfolioId, userId: systemUser });
  await sim.addCreditLine(portfolioId, creditLine);
}

/** A laptop of theirs, with all of that at the simulator. */
export async function partnerLaptop(): Promise<Laptop> {
  const laptop = await Laptop.start({}, partnerSettings);
  await setUpPartner(laptop.sim);
  return laptop;
}

export const wabaAtMeta = async (sim: SimulatorClient) =>
  (await sim.wabas()).find(({ wabaId }) => wabaId === waba)!;

/** How often a call was made that Meta did not refuse. */
export const successes = async (sim: SimulatorClient, call: string) =>
  (await sim.calls({ call })).filter(({ status }) => status === 200).length;
