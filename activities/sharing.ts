import type { BusinessId, PreverifiedId } from '../contract/ids';
import type { SharingInput } from '../contract/number-activities';
import type { Attempt } from './attempt';
import { isGraphError, type GraphClient } from './graph';

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

/** Changes nothing where the list of partners shows the wanted state: after a lost answer, and when Meta says no. */
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
      if (!(isGraphError(error, 'number') && (await isSo()))) throw error;
    }
  } catch (error) {
    // A number that was claimed or removed is shared with nobody.
    if (wanted || !isGraphError(error, 'gone')) throw error;
  }
}

/** The businesses that may offer the number. */
export async function partnersOf(graph: GraphClient, preverifiedId: PreverifiedId): Promise<BusinessId[]> {
  const partners: BusinessId[] = [];
  for await (const { id } of graph.listPartners(preverifiedId)) partners.push(id);
  return partners;
}
