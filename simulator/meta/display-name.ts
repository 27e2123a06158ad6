import type { BusinessPhoneNumber, NameStatus } from './business-phone-number';
import type { Meta } from './meta';

/** What Meta's review says of the number's display name: what the control has said, else by the time that reviews take. */
export function nameStatus(meta: Meta, phone: BusinessPhoneNumber): NameStatus {
  if (phone.nameStatus !== null) return phone.nameStatus;
  return isNameReady(meta, phone) ? 'APPROVED' : 'PENDING_REVIEW';
}

/** Whether there is a certificate for the name, so that the number can be registered. */
export const isNameReady = ({ clock, assumptions }: Meta, { since }: BusinessPhoneNumber): boolean =>
  clock.now() >= since + assumptions.displayNameReview;
