import { invalidParameter } from '../graph-error';
import type { Business } from './business';
import type { Meta } from './meta';
import type { PreverifiedNumber } from './preverified-number';

export interface Sharing {
  preverifiedId: string;
  partnerId: string;
}

/** Lets the partner offer the number in its own Embedded Signup. */
export function share(meta: Meta, portfolio: Business, { preverifiedId, partnerId }: Sharing): void {
  const number = ownNumber(meta, portfolio, preverifiedId);
  if (partnerId === portfolio.id) throw invalidParameter('A business is not its own partner');
  const partner = meta.business(partnerId);
  number.sharedWith.add(partner.id);
  partner.sharedNumbers.add(number);
}

export function unshare(meta: Meta, portfolio: Business, { preverifiedId, partnerId }: Sharing): void {
  const number = ownNumber(meta, portfolio, preverifiedId);
  if (!number.sharedWith.delete(partnerId)) {
    throw invalidParameter('The number is not shared with that business');
  }
  meta.business(partnerId).sharedNumbers.delete(number);
}

export const partnersOf = (meta: Meta, number: PreverifiedNumber): Business[] =>
  [...number.sharedWith].map((id) => meta.business(id));

function ownNumber(meta: Meta, portfolio: Business, preverifiedId: string): PreverifiedNumber {
  const number = meta.preverified(preverifiedId);
  if (number.portfolioId !== portfolio.id) {
    throw invalidParameter('The number belongs to another business');
  }
  return number;
}
