import type { App } from './app';
import type { BusinessPhoneNumber } from './business-phone-number';

/** A WhatsApp Business Account. It comes into being when it is first named. */
export class Waba {
  readonly kind = 'waba';
  /** In creation order. */
  readonly phoneNumbers: BusinessPhoneNumber[] = [];
  /** The customer's business portfolio, where somebody named it. */
  ownerBusinessId: string | null = null;
  /** Portfolios of partners that may manage it, by the customer's signup; `null`: nobody's in particular, and open to all. */
  sharedWith: Set<string> | null = null;
  /** System users that partners have assigned to it. */
  readonly assignedUserIds = new Set<string>();
  readonly subscribedApps = new Set<App>();
  /** What pays for its messages: a share of a credit line, or means of the customer's own. */
  fundingId: string | null = null;
  /** ISO 4217; the first one stays. */
  currency: string | null = null;

  constructor(
    readonly id: string,
    readonly sequence: number,
  ) {}

  get name(): string {
    return `WABA ${this.id}`;
  }

  isSharedWith(portfolioId: string | null): boolean {
    if (this.sharedWith === null || portfolioId === this.ownerBusinessId) return true;
    return portfolioId === null ? this.sharedWith.size > 0 : this.sharedWith.has(portfolioId);
  }
}
