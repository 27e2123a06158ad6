import { GraphError } from '../graph-error';
import type { Business } from './business';
import type { Meta } from './meta';
import type { PreverifiedNumber } from './preverified-number';

/** Lets the partner offer the number in its own Embedded Signup. */
export function share(meta: Meta, portfolio: Business, preverifiedId: string, partnerId: string): void {
  const number = ownNumber(meta, portfolio, preverifiedId);
  if (partnerId === portfolio.id)
    throw new GraphError('invalidParameter', '(#100) A business is not its own partner');
  number.sharedWith.add(meta.business(partnerId).id);
}

export function unshare(meta: Meta, portfolio: Business, preverifiedId: string, partnerId: string): void {
  const number = ownNumber(meta, portfolio, preverifiedId);
  if (!number.sharedWith.delete(partnerId)) {
    throw new GraphError('invalidParameter', '(#100) The number is not shared with that business');
  }
}

export const partnersOf = (meta: Meta, number: PreverifiedNumber): Business[] =>
  [...number.sharedWith].map((id) => meta.business(id));

function ownNumber(meta: Meta, portfolio: Business, preverifiedId: string): PreverifiedNumber {
  const number = meta.preverified(preverifiedId);
  if (number.portfolioId !== portfolio.id) {
    throw new GraphError('invalidParameter', '(#100) The number belongs to another business');
  }
  return number;
}
