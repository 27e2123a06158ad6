import { graphActivity } from '../attempt';
import type { GraphClient } from '../graph';
import { findInPool } from '../pool';
import type { GraphOf } from '../whose-token';
import type { ReconcileGraphActivities } from '../../contract/reconcile-activities';

/** Reads Meta's side of the comparison, for a worker of the Graph task queue. */
export function createReconcileGraphActivities(
  system: GraphClient,
  graphOf: GraphOf = () => Promise.resolve(system),
) {
  const graph = { system, graphOf };
  return {
    readPool: graphActivity(graph, {
      doing: ({ portfolioId }) => `read the pool of portfolio ${portfolioId}`,
      run: async (attempt, { portfolioId, after }) => {
        const page = await attempt.graph.preverifiedNumbersPage(portfolioId, after);
        return {
          // What another business shares with us may be listed, too (`partnersListSharedNumbers` in docs/rules.md).
          items: page.items
            .filter(({ ownerBusinessId }) => ownerBusinessId === null || ownerBusinessId === portfolioId)
            .map(({ phoneNumber, verified, expiresAt }) => ({ phoneNumber, verified, expiresAt })),
          after: page.after,
        };
      },
    }),
    isInPool: graphActivity(graph, {
      doing: ({ phoneNumber, portfolioId }) => `find ${phoneNumber} in the pool of portfolio ${portfolioId}`,
      run: async (attempt, { portfolioId, phoneNumber }) =>
        (await findInPool(attempt.graph, portfolioId, phoneNumber)) !== null,
    }),
    readClientWabas: graphActivity(graph, {
      doing: ({ portfolioId }) => `list the WABAs that are shared with portfolio ${portfolioId}`,
      run: async (attempt, { portfolioId, after }) => {
        const page = await attempt.graph.clientWabasPage(portfolioId, after);
        return { items: page.items.map(({ id }) => id), after: page.after };
      },
    }),
    readWaba: graphActivity(graph, {
      doing: ({ wabaId }) => `list the numbers of WABA ${wabaId}`,
      waba: ({ wabaId }) => wabaId,
      run: async (attempt, { wabaId, after }) => {
        const page = await attempt.customer.phoneNumbersPage(wabaId, after);
        return {
          // What a customer put there by hand is no claim, as in activities/claims.ts.
          items: page.items
            .filter(({ wasPreverified }) => wasPreverified !== false)
            .map(({ phoneNumber, id }) => ({ phoneNumber, phoneNumberId: id })),
          after: page.after,
        };
      },
    }),
  } satisfies ReconcileGraphActivities;
}
