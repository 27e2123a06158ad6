import type { BusinessPhoneNumber } from './business-phone-number';

/** A WhatsApp Business Account. It comes into being when it is first named. */
export class Waba {
  readonly kind = 'waba';
  /** In creation order. */
  readonly phoneNumbers: BusinessPhoneNumber[] = [];
  /** The customer's business portfolio, where a claim named it. */
  ownerBusinessId: string | null = null;
  appSubscribed = false;

  constructor(
    readonly id: string,
    readonly sequence: number,
  ) {}

  get name(): string {
    return `WABA ${this.id}`;
  }
}
