import { randomInt } from 'node:crypto';
import type { PhoneNumberId } from '../contract/ids';
import type { Attempt } from './attempt';
import { sameNumber, type BusinessPhoneNumber, type GraphClient } from './graph';
import type { NumberActivities } from '../contract/number-activities';
import { findOnWaba } from './look-up';
import { readNumber } from './read-number';
import { unshareNumber } from './sharing';
import { isGone } from './verification';

type ConfirmClaim = NumberActivities['confirmClaim'];

/** Looks where a claim is said to have gone; the report is a hint, the digits on the WABA are the proof. */
export async function confirmClaim(
  attempt: Attempt,
  { phoneNumber, wabaId, phoneNumberId, preverifiedId, portfolioId, sharedWith }: Parameters<ConfirmClaim>[0],
): ReturnType<ConfirmClaim> {
  const { graph } = attempt;
  const found =
    (phoneNumberId && (await readIfSame(graph, phoneNumberId, phoneNumber))) ||
    (await findOnWaba(graph, wabaId, phoneNumber));
  if (!found) return { found: false, pool: preverifiedId && (await readNumber(attempt, { preverifiedId })) };
  if (preverifiedId) {
    for (const partnerBusinessId of sharedWith) {
      await unshareNumber(attempt, { portfolioId, preverifiedId, partnerBusinessId });
    }
  }
  const { id, verified, registered } = found;
  return { found: true, phoneNumberId: id, verified, registered, pin: makePin() };
}

/** The reported ID may be another number's: Meta has shown customers another number than the one offered. */
async function readIfSame(
  graph: GraphClient,
  id: PhoneNumberId,
  phoneNumber: string,
): Promise<BusinessPhoneNumber | null> {
  try {
    const found = await graph.getPhoneNumber(id);
    return sameNumber(found.phoneNumber, phoneNumber) ? found : null;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

const makePin = () => String(randomInt(1_000_000)).padStart(6, '0');
