import type { Attempt } from './attempt';
import { GraphError } from './graph';
import type { SharingInput } from './interface';
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
  const isSo = async () => {
    for await (const partner of graph.listPartners(preverifiedId)) {
      if (partner.id === partnerBusinessId) return wanted;
    }
    return !wanted;
  };
  try {
    if (retried && (await isSo())) return;
    await change();
  } catch (error) {
    // Claimed or removed: nobody has it any more.
    if (!wanted && isGone(error)) return;
    const settled = error instanceof GraphError && error.handling === 'number' && (await isSo());
    if (!settled) throw error;
  }
}
