import type { Meta } from '../meta/meta';
import type { PreverifiedNumber } from '../meta/preverified-number';
import { preverifiedStatus } from '../graph/views';

/** Every number that was ever added, with what has become of it; times ISO 8601. */
export const listNumbers = (meta: Meta) =>
  [...meta.preverifiedNumbers.values()].map((number) => describe(meta, number));

function describe(meta: Meta, number: PreverifiedNumber) {
  const { left, verification, policy } = number;
  const phone = left?.by === 'claim' ? meta.phoneNumbers.get(left.phoneNumberId) : undefined;
  return {
    phoneNumber: number.number.digits,
    preverifiedId: number.id,
    portfolioId: number.portfolioId,
    place: placeOf(meta, number),
    status: preverifiedStatus(meta, number),
    addedAt: iso(number.addedAt),
    removeAt: verification === null ? iso(number.addedAt + policy.removeUnverifiedAfter) : null,
    verifiedAt: iso(verification?.verifiedAt),
    verificationExpiresAt: iso(verification?.expiresAt),
    reverifyFrom: iso(number.reverifyFrom),
    sharedWith: [...number.sharedWith],
    leftAt: iso(left?.at),
    phone: phone && {
      phoneNumberId: phone.id,
      wabaId: phone.wabaId,
      verified: phone.isVerified(meta.clock.now()),
      registerBy: iso(phone.registerBy),
      registered: phone.registration.registered,
    },
  };
}

/** Where the number is: in the pool, on a WABA, or gone by deletion or because nobody verified it (rule 1). */
function placeOf(meta: Meta, number: PreverifiedNumber): 'pool' | 'waba' | 'deleted' | 'removed' {
  if (number.left !== null) return number.left.by === 'claim' ? 'waba' : 'deleted';
  return number.isInPool(meta.clock.now()) ? 'pool' : 'removed';
}

const iso = (at: number | null | undefined): string | null =>
  at == null ? null : new Date(at).toISOString();
