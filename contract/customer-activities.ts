import type { DepartureEvent } from './customer-messages';
import type { BusinessId, PhoneNumberId, PortfolioId, WabaId } from './ids';

/** What records hold of a customer's token; times in epoch milliseconds. */
export interface TokenState {
  held: boolean;
  /** `null` where it does not expire, or none is held. */
  expiresAt: number | null;
  /** Why Meta refuses it, or it cannot be opened; `null` while neither is so. */
  problem: string | null;
  /** It is sealed with a key that the worker lacks, or was altered: Meta was not asked about it. */
  unreadable?: true;
}

/** A number of ours on the WABA, as Meta states it. */
export interface NumberAtMeta {
  /** Digits. */
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
  customerId: string | null;
  /** Its own life has registered it. */
  registered: boolean;
  /** Its own life has ended without that, so that nothing of ours registers it any more. */
  ended: boolean;
  status: string | null;
  nameStatus: string | null;
  /** Of a name that was changed and that Meta reviews, or has approved since. */
  newNameStatus: string | null;
}

/** Each answer says whether the worker that gave it has endpoints that receive webhooks. */
interface Heard {
  webhooks: boolean;
}

/** What a worker is configured to do beside subscribing; for what it is not, the setting that is missing, in words. */
export interface MissingSettings {
  systemUser: string | null;
  creditLine: string | null;
}

/**
 * The calls of a customer's workflow. Every one is safe to retry: after an attempt whose outcome is unknown it reads before
 * it writes. Where Meta says no, it fails as a number's calls do.
 */
export interface CustomerActivities {
  /** Has the WABA's webhooks delivered to our app. */
  subscribeCustomer(input: { wabaId: WabaId }): Promise<
    Heard & {
      token: TokenState;
      missing: MissingSettings;
    }
  >;

  /** Gives our system user the WABA, as sharing the credit line needs. */
  assignSystemUser(input: { wabaId: WabaId; portfolioId: PortfolioId }): Promise<Heard>;

  /** Shares our credit line with the WABA, once: it looks for a sharing before it makes one. */
  shareCreditLine(input: {
    wabaId: WabaId;
    currency: string | null;
  }): Promise<Heard & { allocationConfigId: string; currency: string }>;

  /** What Meta says of the subscription, of the token and of the customer's numbers of ours. */
  readCustomer(input: {
    wabaId: WabaId;
    /** Digits; all of them where none is named. */
    phoneNumber: string | null;
  }): Promise<
    Heard & {
      token: TokenState;
      subscribed: boolean;
      missing: MissingSettings;
      /** `all`: there are no others. */
      numbers: NumberAtMeta[];
      all: boolean;
    }
  >;

  /** Registers a number again whose changed name Meta has approved; its PIN does not change. */
  registerAgain(input: { wabaId: WabaId; phoneNumber: string; phoneNumberId: PhoneNumberId }): Promise<
    Heard & {
      /** Why it was not done; `null` where it was. */
      skipped: string | null;
    }
  >;

  /** Whether the customer has left, as far as Meta shows it; a webhook is a hint. */
  confirmDeparture(input: {
    wabaId: WabaId;
    portfolioId: PortfolioId;
    event: DepartureEvent;
  }): Promise<Heard & { left: boolean }>;

  /**
   * Revokes the credit line that we shared with the WABA, settles once Meta shows it revoked, and ends the subscription
   * where Meta still lets us.
   */
  revokeCreditLine(input: {
    wabaId: WabaId;
    portfolioId: PortfolioId;
    businessId: BusinessId | null;
    /** Of the sharing that is on record; it is looked for where none is. */
    allocationConfigId: string | null;
    /** Sharing it was tried in this life, and the answer may have been lost: one that cannot be looked for is a failure. */
    mayBeShared: boolean;
  }): Promise<
    Heard & {
      /** `null` where none was shared. */
      revoked: string | null;
    }
  >;

  /**
   * Destroys the customer's token, and closes what records say they hold. Revoking may have taken days: a customer who signed
   * up again meanwhile keeps the token that they brought since, and what they have claimed since.
   */
  closeCustomer(input: {
    wabaId: WabaId;
    reason: string;
    by: string;
    /** When leaving was asked for, in epoch milliseconds. */
    askedAt: number;
  }): Promise<Heard & { numbers: string[] }>;
}
