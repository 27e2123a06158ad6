import type { Waba } from './waba';

/** A Solution Partner's line of credit with Meta. */
export class CreditLine {
  readonly kind = 'creditLine';
  /** In creation order; those that were ended stay. */
  readonly shares: CreditShare[] = [];

  constructor(
    readonly id: string,
    readonly portfolioId: string,
    readonly legalEntityName: string,
    readonly sequence: number,
  ) {}
}

/** One customer's share of it, which Meta calls an allocation config. */
export class CreditShare {
  readonly kind = 'creditShare';
  /** When it is over, `null` while nobody has ended it. */
  endsAt: number | null = null;

  constructor(
    readonly id: string,
    readonly line: CreditLine,
    readonly waba: Waba,
    readonly receivingBusinessId: string,
    /** What the WABA names as its funding. */
    readonly credentialId: string,
    readonly sequence: number,
  ) {}

  requestStatus(now: number): 'APPROVED' | 'DELETED' {
    return this.endsAt !== null && now >= this.endsAt ? 'DELETED' : 'APPROVED';
  }
}
