import { readPhoneNumber } from '../workflows/phone-number';
import type { Attempt } from './attempt';
import type { NumberActivities } from './interface';
import { findOnWaba } from './look-up';

type ClaimNumber = NumberActivities['claimNumber'];

/** Claims the number for a WABA; after a lost answer it looks there first. */
export async function claimNumber(
  { graph, retried }: Attempt,
  { phoneNumber, preverifiedId, wabaId, verifiedName }: Parameters<ClaimNumber>[0],
): ReturnType<ClaimNumber> {
  const claimed = retried ? await findOnWaba(graph, wabaId, phoneNumber) : null;
  if (claimed) return { phoneNumberId: claimed.id };
  const number = readPhoneNumber(phoneNumber);
  if (!number) throw new TypeError(`${phoneNumber} is not a phone number with its country code`);
  const { countryCode, nationalNumber } = number;
  const claim = { preverifiedId, countryCode, nationalNumber, verifiedName };
  return { phoneNumberId: await graph.createPhoneNumber(wabaId, claim) };
}
