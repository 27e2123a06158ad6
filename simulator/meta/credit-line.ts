import { invalidParameter } from '../graph-error';
import { ownerOf } from './customers';
import type { Meta } from './meta';
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

/** Pays for the WABA from now on. @throws GraphError 100 for another currency than the WABA's, and where it may not be done again */
export function shareCreditLine(meta: Meta, line: CreditLine, waba: Waba, currency: string): CreditShare {
  if (waba.currency !== null && waba.currency !== currency) {
    throw invalidParameter(`The currency of the WhatsApp Business Account is ${waba.currency}, and stays so`);
  }
  const present = line.shares.find((share) => share.waba === waba && share.endsAt === null);
  if (present) {
    if (meta.assumptions.sharingCreditAgain === 'sameId') return present;
    throw invalidParameter('The credit line is shared with the WhatsApp Business Account already');
  }
  const [id, credentialId] = [meta.newId(), meta.newId()];
  const share = new CreditShare(id, line, waba, ownerOf(meta, waba).id, credentialId, meta.nextSequence());
  line.shares.push(share);
  meta.creditShares.set(share.id, share);
  waba.currency = currency;
  waba.fundingId = share.credentialId;
  return share;
}

/** Ends the share. Once more changes nothing. */
export function endCreditShare(meta: Meta, share: CreditShare): void {
  share.endsAt ??= meta.clock.now() + meta.assumptions.creditRevocation;
  if (share.waba.fundingId === share.credentialId) share.waba.fundingId = null;
}
