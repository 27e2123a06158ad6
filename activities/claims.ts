import { randomInt } from 'node:crypto';
import type { PhoneNumberId, WabaId } from '../contract/ids';
import type { NumberActivities } from '../contract/number-activities';
import { readDigits, sameNumber } from '../contract/phone-number';
import type { Attempt } from './attempt';
import { isNoWabaOfOurs } from './departures';
import { digitsOf, isGraphError, type BusinessPhoneNumber, type GraphClient } from './graph';
import { readGraphError } from './graph-failure';
import { unshareNumber } from './sharing';
import { readNumber } from './verification';

type ClaimNumber = NumberActivities['claimNumber'];
type ConfirmClaim = NumberActivities['confirmClaim'];

/**
 * Claims the number for a WABA. After a lost answer it looks on the WABA first. The lost call may also take effect only
 * then, so a number that is gone from the pool is looked for once more.
 */
export async function claimNumber(
  { graph, retried }: Attempt,
  { phoneNumber, preverifiedId, wabaId, verifiedName }: Parameters<ClaimNumber>[0],
): ReturnType<ClaimNumber> {
  const claimedBefore = async () => (retried ? await findOnWaba(graph, wabaId, phoneNumber) : null);
  const claimed = await claimedBefore();
  if (claimed) return { phoneNumberId: claimed.id };
  const number = readDigits(digitsOf(phoneNumber));
  if (!number) throw new TypeError(`${phoneNumber} is not a phone number with its country code`);
  const { countryCode, nationalNumber } = number;
  const claim = { preverifiedId, countryCode, nationalNumber, verifiedName };
  try {
    return { phoneNumberId: await graph.createPhoneNumber(wabaId, claim) };
  } catch (error) {
    const late = isGraphError(error, 'gone') ? await claimedBefore() : null;
    if (late) return { phoneNumberId: late.id };
    throw error;
  }
}

/**
 * Looks where a claim is said to be. The report is a hint, and the number on that WABA is the proof: a business phone number
 * does not say on which WABA it stands (docs/rules.md, Embedded Signup). Where Meta will not show the WABA, the pool tells
 * whether anybody has the number; where the number is not there, the ID that was reported tells whether another WABA has it.
 */
export async function confirmClaim(
  attempt: Attempt,
  { phoneNumber, wabaId, phoneNumberId, preverifiedId, portfolioId, sharedWith }: Parameters<ConfirmClaim>[0],
): ReturnType<ConfirmClaim> {
  const { customer, graph } = attempt;
  const inPool = async () => preverifiedId && (await readNumber(attempt, { preverifiedId }));
  let found: BusinessPhoneNumber | null;
  try {
    found = await findOnWaba(customer, wabaId, phoneNumber);
  } catch (error) {
    const pool = isNoWabaOfOurs(error) ? await inPool() : null;
    if (pool === null) throw error;
    return { found: false, pool };
  }
  // Somebody may have added the same number to a WABA by hand. Where Meta does not say, it counts as ours.
  if (!found || found.wasPreverified === false) {
    const pool = await inPool();
    // The reported ID may be on another customer's WABA, where this customer's token fails without a fault of its own.
    const otherWaba = !found && !pool && phoneNumberId && (await isOurs(graph, phoneNumberId, phoneNumber));
    return { found: false, pool, ...(otherWaba && { otherWaba }) };
  }
  if (preverifiedId) {
    for (const partnerBusinessId of sharedWith) {
      try {
        await unshareNumber(attempt, { portfolioId, preverifiedId, partnerBusinessId });
      } catch (error) {
        const read = readGraphError(error);
        // The claim is a fact, whether the sharing that it ends can be tidied up or not.
        if (!read || read.passesSoon) throw error;
      }
    }
  }
  const { id, verified, registered } = found;
  return { found: true, phoneNumberId: id, verified, registered, pin: makePin() };
}

/** The number on the WABA, `null` if it is not there. A WABA holds few numbers, so all are read: spellings differ. */
async function findOnWaba(
  graph: GraphClient,
  wabaId: WabaId,
  phoneNumber: string,
): Promise<BusinessPhoneNumber | null> {
  for await (const number of graph.listPhoneNumbers(wabaId)) {
    if (sameNumber(number.phoneNumber, phoneNumber)) return number;
  }
  return null;
}

/** The reported ID may be another number's, for Meta has shown customers another number than the one offered, or no number's at all. */
async function isOurs(graph: GraphClient, id: PhoneNumberId, phoneNumber: string): Promise<boolean> {
  try {
    const found = await graph.getPhoneNumber(id);
    return sameNumber(found.phoneNumber, phoneNumber);
  } catch (error) {
    // Graph answers #100 to these fields where the object is of another kind.
    if (isGraphError(error, 'gone') || isGraphError(error, 'number')) return false;
    throw error;
  }
}

/** Six digits by real randomness. */
export const makePin = () => String(randomInt(1_000_000)).padStart(6, '0');
