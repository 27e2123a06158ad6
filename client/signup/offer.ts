import type { PreverifiedId } from '../../contract/ids';
import type { NumberRecord } from '../../contract/number-record';

export interface OfferOptions {
  /** Who will see the popup: a number that is reserved is offered to its holder alone. */
  customerId?: string;
  /** Offers numbers that are not verified, too: the customer must then enter a code that only you receive. */
  includeUnverified?: boolean;
}

export interface OfferedNumber {
  /** Digits. */
  phoneNumber: string;
  preverifiedId: PreverifiedId;
}

/** Why a number is not fit to be offered in signup; `null` if it is. */
export function whyNot(record: NumberRecord, { customerId, includeUnverified }: OfferOptions): string | null {
  const { state, phase, claim, reportedClaims, reservation, preverifiedId } = record;
  if (claim) return `claimed by WABA ${claim.wabaId}: Meta has replaced its pre-verified ID`;
  if (phase === 'claiming') return 'being claimed through the API';
  if (phase === 'removing' || state === 'Removed') return 'removed from the pool';
  if (state === 'Rejected') return 'rejected by Meta';
  if (preverifiedId === null) return 'not added at Meta yet';
  const reported = reportedClaims.find(
    (report) => report.keepsNumber && (report.customerId === null || report.customerId !== customerId),
  );
  if (reported) return `said to be claimed by WABA ${reported.wabaId}, which Meta is being asked about`;
  if (reservation && reservation.customerId !== customerId)
    return `reserved for another customer until ${reservation.until}`;
  if (state !== 'Verified' && !includeUnverified) return `not verified: it is ${state}`;
  return null;
}
