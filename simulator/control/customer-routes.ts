import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { claim } from '../meta/claims';
import { removePartner, shareWaba, uninstallApps } from '../meta/customers';
import type { Meta } from '../meta/meta';
import { partnerOf } from '../meta/partner';
import type { Waba } from '../meta/waba';
import { digitsOf } from '../phone-number';
import { signUp } from '../signup/sign-up';
import type { Simulation } from '../simulation';
import { accountUpdate } from '../webhooks/account-updates';
import { ControlError, read } from './control-error';

const text = v.pipe(v.string(), v.nonEmpty());
const id = (what: string) => v.pipe(v.string(), v.regex(/^\d+$/, `${what} must be digits`));

const Claim = v.strictObject({
  preverifiedId: v.optional(text),
  phoneNumber: v.optional(text),
  wabaId: id('wabaId'),
  /** The customer's own business portfolio. */
  businessId: v.optional(id('businessId')),
  /** The customer's name for display. */
  customer: v.optional(text),
});

const SignupCode = v.strictObject({
  /** The WABAs that the customer grants, the newest last; each is shared with the partner. */
  wabaIds: v.optional(v.array(id('wabaIds')), []),
  businessId: v.optional(id('businessId')),
  appId: v.optional(id('appId')),
});

const WabaChange = v.strictObject({
  wabaId: id('wabaId'),
  businessId: v.optional(id('businessId')),
  /** Portfolios that it is shared with, in place of those before. */
  sharedWith: v.optional(v.array(id('sharedWith'))),
  /** System users that are assigned to it, in place of those before. */
  assignedUserIds: v.optional(v.array(id('assignedUserIds'))),
  /** The customer pays by means of their own. */
  paysItself: v.optional(v.boolean()),
});

/** How Meta says that a customer has left. */
export const leavings = [
  'PARTNER_REMOVED',
  'PARTNER_APP_UNINSTALLED',
  'ACCOUNT_OFFBOARDED',
  'ACCOUNT_DELETED',
] as const;

const Leaving = v.strictObject({
  wabaId: id('wabaId'),
  event: v.optional(v.picklist(leavings), 'PARTNER_REMOVED'),
  /** The WABA stays shared with the partner. */
  staysShared: v.optional(v.boolean(), false),
});

/** What a customer does in the signup popup, and with their account afterwards. */
export function customerRoutes(server: FastifyInstance, simulation: Simulation): void {
  const { meta, signupCodes, deliveries } = simulation;
  const ofBusiness = (wabaId: string, businessId: string | undefined): Waba => {
    const waba = meta.waba(wabaId);
    if (businessId !== undefined) waba.ownerBusinessId = meta.business(businessId).id;
    return waba;
  };

  server.post('/claim', (request) => {
    const { preverifiedId, phoneNumber, wabaId, businessId, customer } = read(Claim, request.body);
    const found = preverifiedId ?? meta.inAnyPool(digitsOf(phoneNumber ?? ''))?.id;
    if (found === undefined) throw new ControlError('say preverifiedId, or a phoneNumber that is in a pool');
    const preverified = meta.preverified(found);
    const waba = ofBusiness(wabaId, businessId);
    const phone = claim(meta, preverified, waba, customer ?? 'Lucky Shrub');
    void signUp(simulation, waba, preverified.portfolioId, null);
    return { phoneNumberId: phone.id };
  });

  server.post('/signup-codes', (request) => {
    const { wabaIds, businessId, appId } = read(SignupCode, request.body ?? {});
    const app = appId === undefined ? null : meta.apps.named(appId);
    const partner = partnerOf(meta, app);
    for (const wabaId of wabaIds) {
      const waba = ofBusiness(wabaId, businessId);
      if (partner !== null) shareWaba(meta, waba, partner);
    }
    return { code: signupCodes.issue({ appId: app?.id ?? null, wabaIds }) };
  });

  server.post('/wabas', (request) => {
    const change = read(WabaChange, request.body);
    const waba = ofBusiness(change.wabaId, change.businessId);
    const { sharedWith, assignedUserIds, paysItself } = change;
    if (sharedWith) {
      waba.sharedWith ??= new Set();
      for (const { id: portfolioId, clientWabaIds } of meta.businesses.values()) {
        if (!sharedWith.includes(portfolioId)) clientWabaIds.delete(waba.id);
      }
      waba.sharedWith.clear();
      for (const portfolioId of sharedWith) shareWaba(meta, waba, portfolioId);
    }
    if (assignedUserIds) {
      waba.assignedUserIds.clear();
      for (const userId of assignedUserIds) waba.assignedUserIds.add(userId);
    }
    if (paysItself !== undefined) waba.fundingId = paysItself ? meta.newId() : null;
    return describeWaba(meta, waba);
  });

  server.get('/wabas', () => [...meta.wabas.values()].map((waba) => describeWaba(meta, waba)));

  server.post('/leave', async (request) => {
    const { wabaId, event, staysShared } = read(Leaving, request.body);
    const waba = meta.waba(wabaId);
    const [partner] = waba.sharedWith ?? [];
    const portfolioId = partner ?? partnerOf(meta, null);
    if (portfolioId === null) throw new ControlError('the WABA is shared with nobody');
    const apps = waba.subscribedApps.size > 0 ? [...waba.subscribedApps] : [meta.apps.first];
    if (staysShared) uninstallApps(meta, waba);
    else removePartner(meta, waba, portfolioId);
    for (const app of apps) await deliveries.post(app, accountUpdate(meta, waba, portfolioId, event));
    return describeWaba(meta, waba);
  });
}

export function describeWaba(meta: Meta, waba: Waba) {
  const shares = [...meta.creditShares.values()].filter((share) => share.waba === waba);
  return {
    wabaId: waba.id,
    businessId: waba.ownerBusinessId,
    sharedWith: waba.sharedWith && [...waba.sharedWith],
    assignedUserIds: [...waba.assignedUserIds],
    subscribedAppIds: [...waba.subscribedApps].map((app) => app.id),
    funded: waba.fundingId !== null,
    currency: waba.currency,
    creditShares: shares.map((share) => ({
      allocationConfigId: share.id,
      creditLineId: share.line.id,
      requestStatus: share.requestStatus(meta.clock.now()),
    })),
    phoneNumbers: waba.phoneNumbers.map(({ number }) => number.digits),
  };
}
