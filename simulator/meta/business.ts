import type { PreverifiedNumber } from './preverified-number';

/** A business portfolio: a partner's with its pool, or a customer's. It comes into being when it is first named. */
export class Business {
  readonly kind = 'business';
  /** Every pre-verified number that it ever added, in creation order. */
  readonly pool: PreverifiedNumber[] = [];
  /** Numbers of other pools that their owners share with it. */
  readonly sharedNumbers = new Set<PreverifiedNumber>();
  /** WABAs that customers share with it. */
  readonly clientWabaIds = new Set<string>();

  constructor(
    readonly id: string,
    /** Place in the order of creation. */
    readonly sequence: number,
  ) {}

  get name(): string {
    return `Business ${this.id}`;
  }
}
