import type { CustomerActivities, TokenState } from '../contract/customer-activities';
import type { PhoneNumberId, WabaId } from '../contract/ids';
import { sameNumber } from '../contract/phone-number';
import { graphActivity, type Attempt } from './attempt';
import { departed, isNoWabaOfOurs, isSubscribed } from './departures';
import { isGraphError, type GraphClient } from './graph';
import { finalFailure, transientFailure } from './graph-failure';
import { registrationPace } from './registration';
import type { GraphOf } from './whose-token';

/** What a worker is configured to do for customers; `null` for what it is not. */
export interface CustomerSettings {
  /** Ours, with its secret: whether it is subscribed, and what Meta says of tokens, is asked by it. */
  app: { id: string; secret: string } | null;
  creditLineId: string | null;
  systemUserId: string | null;
  /** ISO 4217; of customers who have none of their own. */
  currency: string | null;
}

/** A number of ours that a customer has, as we know it. */
export interface OurNumber {
  /** Digits. */
  phoneNumber: string;
  customerId: string | null;
  registered: boolean;
  /** Its life has ended before it was registered. */
  ended: boolean;
  /** Records say that the customer left with it, and that nobody has had it since. */
  left: boolean;
}

export interface CustomerActivitiesOptions extends CustomerSettings {
  graph: GraphClient;
  graphOf?: GraphOf;
  /** There are endpoints that receive webhooks. */
  webhooks?: boolean;
  /** What records hold of the customer's token; with it for Meta's own look at it. */
  tokens: {
    state(wabaId: WabaId): Promise<TokenState>;
    /** Asks Meta of the token itself, where one is held, and notes one that is not good any more. */
    check(wabaId: WabaId, look: (token: string) => Promise<{ valid: boolean }>): Promise<TokenState>;
  };
  /** The numbers of ours that the customer has; of the one number, where it is named, it is known at once. */
  numbersOf(wabaId: WabaId, phoneNumber: string | null): Promise<OurNumber[]>;
  /** Puts on record that a customer who had left with these numbers has come back with them. */
  returned(wabaId: WabaId, numbers: { phoneNumber: string; phoneNumberId: PhoneNumberId }[]): Promise<void>;
  /** The PIN that the number was registered with; `null` where it is not known. */
  pinOf(phoneNumber: string): Promise<string | null>;
}

const HOUR = 60 * 60 * 1000;
type Inputs = { [Name in keyof CustomerActivities]: Parameters<CustomerActivities[Name]>[0] };

/** The activities of a customer's workflow that call Meta, for a worker of the Graph task queue. */
export function createCustomerActivities(options: CustomerActivitiesOptions) {
  const { graph: system, webhooks = false, tokens, creditLineId, systemUserId } = options;
  const graph = { system, graphOf: options.graphOf ?? (() => Promise.resolve(system)) };
  const notShared = {
    handling: 'account' as const,
    retryAfter: HOUR,
    whatToDo:
      "Check that the WABA's owner shares it with our portfolio, and that the system user is an admin or was assigned to the WABA.",
  };
  const needs = (setting: string) => `Not configured: set ${setting} for the workers.`;
  const missing = {
    systemUser: systemUserId === null ? needs('META_SYSTEM_USER_ID') : null,
    creditLine: creditLineId === null ? needs('META_CREDIT_LINE_ID') : null,
  };
  return {
    subscribeCustomer: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['subscribeCustomer']) => `subscribe our app to WABA ${wabaId}`,
      waba: ({ wabaId }) => wabaId,
      run: async ({ customer, retried }, { wabaId }) => {
        if (!retried || !(await isSubscribed(customer, wabaId, options.app?.id ?? null)))
          await customer.subscribeApp(wabaId);
        return { webhooks, token: await tokens.state(wabaId), missing };
      },
      whenGone: notShared,
    }),

    assignSystemUser: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['assignSystemUser']) => `assign our system user to WABA ${wabaId}`,
      run: async ({ graph: asAdmin, retried }, { wabaId, portfolioId }) => {
        if (systemUserId === null) throw unset('assign our system user', 'META_SYSTEM_USER_ID');
        const isAssigned = async () =>
          (await asAdmin.readAssignedUsers(wabaId, portfolioId)).some(({ id }) => id === systemUserId);
        if (!retried || !(await isAssigned())) await asAdmin.assignUser(wabaId, systemUserId);
        return { webhooks };
      },
      whenGone: notShared,
    }),

    shareCreditLine: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['shareCreditLine']) => `share our credit line with WABA ${wabaId}`,
      run: async ({ graph: partner }, { wabaId, currency: own }) => {
        const currency = own ?? options.currency;
        if (creditLineId === null) throw unset('share our credit line', 'META_CREDIT_LINE_ID');
        if (currency === null) throw unset('share our credit line', 'META_CREDIT_CURRENCY');
        // Also at the first attempt: it is money, and an earlier life may have shared it.
        const [shared, another] = await partner.findCreditSharings(creditLineId, wabaId);
        // Of several, Meta says which one is the WABA's.
        const { allocationConfigId } =
          shared && !another ? shared : await partner.shareCreditLine(creditLineId, wabaId, currency);
        return { webhooks, allocationConfigId, currency };
      },
      whenGone: notShared,
    }),

    readCustomer: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['readCustomer']) => `read WABA ${wabaId}`,
      waba: ({ wabaId }) => wabaId,
      run: async ({ customer, graph: partner }, { wabaId, phoneNumber }) => {
        const { app } = options;
        const all = phoneNumber === null;
        const subscribed = !all || (await isSubscribed(customer, wabaId, app?.id ?? null));
        const token =
          all && app
            ? await tokens.check(wabaId, (text) => partner.debugToken(app, text))
            : await tokens.state(wabaId);
        const ours = await options.numbersOf(wabaId, phoneNumber);
        const atMeta = ours.length === 0 ? [] : await idsOn(customer, wabaId);
        const numbers = [];
        const returned = [];
        for (const { left, ...number } of ours) {
          const found = atMeta.find((each) => sameNumber(each.phoneNumber, number.phoneNumber));
          // The customer may have deleted it since.
          if (!found) continue;
          if (left) returned.push({ phoneNumber: number.phoneNumber, phoneNumberId: found.id });
          const { status, nameStatus, newNameStatus } = await customer.readNumberHealth(found.id);
          numbers.push({ ...number, phoneNumberId: found.id, status, nameStatus, newNameStatus });
        }
        if (returned.length > 0) await options.returned(wabaId, returned);
        return { webhooks, token, subscribed, missing, numbers, all };
      },
      whenGone: notShared,
    }),

    registerAgain: graphActivity(graph, {
      doing: ({ phoneNumber }: Inputs['registerAgain']) => `register +${phoneNumber} again for its new name`,
      waba: ({ wabaId }) => wabaId,
      run: async ({ customer, retried, beginCounted }, { phoneNumber, phoneNumberId }) => {
        const { newNameStatus } = await customer.readNumberHealth(phoneNumberId);
        // After a lost answer the name has taken effect.
        if (newNameStatus !== 'APPROVED')
          return { webhooks, skipped: retried ? null : 'Meta does not show a new name as approved.' };
        const pin = await options.pinOf(phoneNumber);
        if (pin === null) {
          throw finalFailure(`register +${phoneNumber} again`, {
            code: 'PinUnknown',
            message: `The changed name of +${phoneNumber} is approved, and takes effect once the number is registered again: we do not know its PIN.`,
            handling: 'account',
            retryAfter: null,
            ...(!retried && { turnedAway: true }),
            whatToDo: 'Set a PIN ("preverified pin --set"), then read the customer again with refresh.',
          });
        }
        beginCounted();
        await customer.registerPhoneNumber(phoneNumberId, pin, null);
        return { webhooks, skipped: null };
      },
      pace: registrationPace,
    }),

    confirmDeparture: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['confirmDeparture']) => `look whether WABA ${wabaId} has left`,
      run: async ({ graph: partner }, input) => ({
        webhooks,
        left: await departed(partner, input, options.app?.id ?? null),
      }),
    }),

    revokeCreditLine: graphActivity(graph, {
      doing: ({ wabaId }: Inputs['revokeCreditLine']) => `revoke the credit line of WABA ${wabaId}`,
      run: async (attempt, input) => {
        const revoked = await revoke(attempt, input, creditLineId);
        await unsubscribe(attempt, input.wabaId, options.app?.id ?? null);
        return { webhooks, revoked };
      },
    }),
  } satisfies Omit<CustomerActivities, 'closeCustomer'>;
}

const unset = (doing: string, setting: string) =>
  finalFailure(doing, {
    code: 'NotConfigured',
    message: `${setting} is not set for this worker.`,
    handling: 'account',
    retryAfter: HOUR,
    whatToDo: `Set ${setting} for all workers and start them anew; then try again with connect.`,
  });

async function idsOn(
  graph: GraphClient,
  wabaId: WabaId,
): Promise<{ phoneNumber: string; id: PhoneNumberId }[]> {
  const found = [];
  for await (const { phoneNumber, id } of graph.listPhoneNumbers(wabaId)) found.push({ phoneNumber, id });
  return found;
}

/** Ends our sharing with the WABA, and is done once Meta shows it ended. Other sharings are never touched. */
async function revoke(
  { graph }: Attempt,
  { wabaId, portfolioId, businessId, allocationConfigId, mayBeShared }: Inputs['revokeCreditLine'],
  creditLineId: string | null,
): Promise<string | null> {
  // Also where none is on record: an earlier life of the customer may have shared it.
  const find = async (): Promise<string | null> => {
    if (creditLineId === null) return null;
    const gone = businessId ? { businessId, portfolioId } : undefined;
    try {
      const found = await graph.findCreditSharings(creditLineId, wabaId, gone);
      if (found.length > 1) throw severalShares(wabaId, found);
      return found[0]?.allocationConfigId ?? null;
    } catch (error) {
      // A WABA out of sight, made up perhaps, of which nobody knows the business: there is nothing to look by.
      if (!gone && !mayBeShared && isNoWabaOfOurs(error)) return null;
      throw error;
    }
  };
  const id = allocationConfigId ?? (await find());
  if (id === null || (await isRevoked(graph, id))) return id;
  await graph.revokeCreditSharing(id);
  if (await isRevoked(graph, id)) return id;
  throw transientFailure(
    `revoke the credit line of WABA ${wabaId}`,
    {
      code: 'NotRevoked',
      message: `Meta does not show the sharing ${id} as revoked yet.`,
      handling: 'wait',
      retryAfter: null,
      whatToDo: 'It is looked at again until Meta does.',
    },
    null,
  );
}

const severalShares = (wabaId: WabaId, shares: readonly { allocationConfigId: string }[]) =>
  finalFailure(`revoke the credit line of WABA ${wabaId}`, {
    code: 'SeveralSharings',
    message: `Any of these sharings of our credit line may pay for WABA ${wabaId}: ${shares.map(({ allocationConfigId }) => allocationConfigId).join(', ')}.`,
    handling: 'account',
    retryAfter: HOUR,
    whatToDo:
      'Revoke at Meta those of them that pay for nobody who is still with us; then try again with offboard.',
  });

async function isRevoked(graph: GraphClient, id: string): Promise<boolean> {
  try {
    return (await graph.readCreditSharing(id)).requestStatus === 'DELETED';
  } catch (error) {
    if (isGraphError(error, 'gone')) return true;
    throw error;
  }
}

/**
 * Meta has ended it where the customer has left; a WABA that we cannot reach any more sends us nothing. Not with the
 * customer's token, which Meta has voided where they left by themselves.
 */
async function unsubscribe({ graph, retried }: Attempt, wabaId: WabaId, appId: string | null): Promise<void> {
  try {
    if (!retried || (await isSubscribed(graph, wabaId, appId))) await graph.unsubscribeApp(wabaId);
  } catch (error) {
    if (!isNoWabaOfOurs(error)) throw error;
  }
}
