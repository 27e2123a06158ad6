import { readDigits } from '../contract/phone-number';
import type { Attempt } from './attempt';
import type { NumberActivities } from '../contract/number-activities';
import { findOnWaba } from './look-up';
import { isGone } from './verification';

type ClaimNumber = NumberActivities['claimNumber'];

/**
 * Claims the number for a WABA; after a lost answer it looks there first. The lost call may also take effect only then:
 * what is gone from the pool is looked for once more.
 */
export async function claimNumber(
  { graph, retried }: Attempt,
  { phoneNumber, preverifiedId, wabaId, verifiedName }: Parameters<ClaimNumber>[0],
): ReturnType<ClaimNumber> {
  const claimedBefore = async () => (retried ? await findOnWaba(graph, wabaId, phoneNumber) : null);
  const claimed = await claimedBefore();
  if (claimed) return { phoneNumberId: claimed.id };
  const number = readDigits(phoneNumber);
  if (!number) throw new TypeError(`${phoneNumber} is not a phone number with its country code`);
  const { countryCode, nationalNumber } = number;
  const claim = { preverifiedId, countryCode, nationalNumber, verifiedName };
  try {
    return { phoneNumberId: await graph.createPhoneNumber(wabaId, claim) };
  } catch (error) {
    const late = isGone(error) ? await claimedBefore() : null;
    if (late) return { phoneNumberId: late.id };
    throw error;
  }
}
