import { invalidParameter } from '../graph-error';
import { CreditShare, type CreditLine } from './credit-line';
import { ownerOf } from './customers';
import type { Meta } from './meta';
import type { Waba } from './waba';

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
