import type { Business } from './business';
import type { Meta } from './meta';
import type { Waba } from './waba';

/** The customer lets the partner's portfolio manage the WABA. */
export function shareWaba(meta: Meta, waba: Waba, portfolioId: string): void {
  waba.sharedWith = (waba.sharedWith ?? new Set()).add(portfolioId);
  meta.business(portfolioId).clientWabaIds.add(waba.id);
}

/**
 * The customer ends it: the partner's apps hear of the WABA no more, its system users are assigned no more, and the
 * customer's tokens are void. The numbers and the credit line stay as they are: that is the partner's to mend.
 */
export function removePartner(meta: Meta, waba: Waba, portfolioId: string): void {
  waba.sharedWith ??= new Set();
  waba.sharedWith.delete(portfolioId);
  meta.business(portfolioId).clientWabaIds.delete(waba.id);
  waba.assignedUserIds.clear();
  uninstallApps(meta, waba);
}

/** The same, while the WABA stays shared with the partner's portfolio. */
export function uninstallApps(meta: Meta, waba: Waba): void {
  waba.subscribedApps.clear();
  for (const token of meta.tokens.list()) {
    if (token.kind === 'business' && token.wabaIds?.includes(waba.id)) token.revoked = true;
  }
}

/** The customer's own portfolio, new where nobody has named it. */
export function ownerOf(meta: Meta, waba: Waba): Business {
  waba.ownerBusinessId ??= meta.business(meta.newId()).id;
  return meta.business(waba.ownerBusinessId);
}
