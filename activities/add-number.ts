import type { Attempt } from './attempt';
import { GraphError } from './graph';
import type { NumberActivities } from '../contract/number-activities';
import { findInPool } from './look-up';
import { partnersOf } from './sharing';
import { NEVER_VERIFIED, verificationOf } from './verification';

type AddNumber = NumberActivities['addNumber'];
type Input = Parameters<AddNumber>[0];
type Added = Omit<Awaited<ReturnType<AddNumber>>, 'policyDay' | 'webhooks'>;

/** Adds the number, or adopts it: after a lost answer, and when Meta will not add what may be in the pool already (rule 6). */
export async function addNumber(
  { graph, retried }: Attempt,
  { portfolioId, phoneNumber }: Input,
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
    if (!(error instanceof GraphError && error.handling === 'number')) throw error;
    const adopted = await adopt();
    if (adopted) return adopted;
    throw error;
  }
}
