import type { Client } from '@temporalio/client';
import { addNumber } from '../../client/pool/add';
import { RefusedError } from '../../client/pool/refused-error';
import type { ReconcileActivities } from './interface';
import { findOurs, listUnclaimed } from './our-numbers';

export { createReconcileGraphActivities } from './graph-activities';

/** The activities of reconciling that talk to Temporal alone, for a worker of the numbers' task queue. */
export function createReconcileActivities(client: Client): ReconcileActivities {
  return {
    findOurs: (input) => findOurs(client, input),
    listUnclaimed: (input) => listUnclaimed(client, input),
    async adoptNumber({ portfolioId, phoneNumber }) {
      try {
        const { outcome } = await addNumber(client, phoneNumber, { portfolioId, by: 'reconcile' });
        return { outcome };
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        return { outcome: 'refused', why: error.message };
      }
    },
  };
}
