import type { PortfolioId } from '../contract/ids';
import type { NumberActivities, Verification } from '../contract/number-activities';
import { sameNumber, writtenForms } from '../contract/phone-number';
import type { Attempt } from './attempt';
import { digitsOf, isGraphError, type GraphClient, type PreverifiedNumber } from './graph';
import { partnersOf, unshareNumber } from './sharing';
import { verificationOf } from './verification';

type AddNumber = NumberActivities['addNumber'];
type Added = Omit<Awaited<ReturnType<AddNumber>>, 'policyDay' | 'webhooks'>;

const NEVER_VERIFIED: Verification = { verified: false, verifiedAt: null, expiresAt: null };

/** The number in the portfolio's pool, `null` if it is not there. Meta's filter knows a number in one form only. */
export async function findInPool(
  graph: GraphClient,
  portfolioId: PortfolioId,
  phoneNumber: string,
): Promise<PreverifiedNumber | null> {
  for (const form of writtenForms(digitsOf(phoneNumber))) {
    for await (const number of graph.listPreverifiedNumbers(portfolioId, { phoneNumber: form })) {
      if (sameNumber(number.phoneNumber, phoneNumber)) return number;
    }
  }
  return null;
}

/**
 * Adds the number. A number that is in the pool already is adopted (rule 6): so the pool is read after a lost answer,
 * and when Meta does not add the number.
 */
export async function addNumber(
  { graph, retried }: Attempt,
  { portfolioId, phoneNumber }: Parameters<AddNumber>[0],
): Promise<Added> {
  const adopt = async (): Promise<Added | null> => {
    const found = await findInPool(graph, portfolioId, phoneNumber);
    return (
      found && {
        preverifiedId: found.id,
        adopted: true,
        verification: verificationOf(found),
        sharedWith: await partnersOf(graph, found.id),
      }
    );
  };
  if (retried) {
    const adopted = await adopt();
    if (adopted) return adopted;
  }
  try {
    const preverifiedId = await graph.addPhoneNumber(portfolioId, phoneNumber);
    return { preverifiedId, adopted: false, verification: NEVER_VERIFIED, sharedWith: [] };
  } catch (error) {
    const mayBeThere = isGraphError(error, 'number') || isGraphError(error, 'full');
    const adopted = mayBeThere ? await adopt() : null;
    if (adopted) return adopted;
    throw error;
  }
}

/** Unshares the number, then deletes it from the pool. A number that is gone already is a success. */
export async function removeNumber(
  attempt: Attempt,
  { portfolioId, preverifiedId, sharedWith }: Parameters<NumberActivities['removeNumber']>[0],
): Promise<void> {
  for (const partnerBusinessId of sharedWith) {
    await unshareNumber(attempt, { portfolioId, preverifiedId, partnerBusinessId });
  }
  try {
    await attempt.graph.deletePreverifiedNumber(preverifiedId);
  } catch (error) {
    if (!isGraphError(error, 'gone')) throw error;
  }
}
