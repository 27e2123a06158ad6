import type { BusinessId, PreverifiedId } from '../contract/ids';
import type { Attempt } from './attempt';
import { GraphError, type GraphClient } from './graph';
import type { SharingInput } from '../contract/number-activities';
import { isGone } from './verification';

/** Sharing what is shared, and ending what has ended, is a success: the list of partners tells after a lost answer or a refusal. */
export async function shareNumber(attempt: Attempt, input: SharingInput): Promise<void> {
  const { graph } = attempt;
  await changeSharing(attempt, input, true, () =>
    graph.sharePreverifiedNumber(input.portfolioId, input.preverifiedId, input.partnerBusinessId),
  );
}

export async function unshareNumber(attempt: Attempt, input: SharingInput): Promise<void> {
  const { graph } = attempt;
  await changeSharing(attempt, input, false, () =>
    graph.unsharePreverifiedNumber(input.portfolioId, input.preverifiedId, input.partnerBusinessId),
  );
}

async function changeSharing(
  { graph, retried }: Attempt,
  { preverifiedId, partnerBusinessId }: SharingInput,
  wanted: boolean,
  change: () => Promise<void>,
): Promise<void> {
  const isSo = async () => (await partnersOf(graph, preverifiedId)).includes(partnerBusinessId) === wanted;
  try {
    if (retried && (await isSo())) return;
    try {
      await change();
    } catch (error) {
      const settled = error instanceof GraphError && error.handling === 'number' && (await isSo());
      if (!settled) throw error;
    }
  } catch (error) {
    // Claimed or removed: nobody has it any more.
    if (wanted || !isGone(error)) throw error;
  }
}

/** The businesses that may offer the number. */
export async function partnersOf(graph: GraphClient, preverifiedId: PreverifiedId): Promise<BusinessId[]> {
  const partners: BusinessId[] = [];
  for await (const { id } of graph.listPartners(preverifiedId)) partners.push(id as BusinessId);
  return partners;
}
