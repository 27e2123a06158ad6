import type { Client } from '@temporalio/client';
import type { ReconcileActivities } from '../contract/reconcile-activities';
import { addNumber } from '../client/pool/add';
import { RefusedError } from '../client/pool/refused-error';
import { findOurs, listUnclaimed } from '../client/reconcile/our-numbers';

/** What a reconciliation asks of Temporal rather than of Meta, for a worker of the numbers' task queue. */
export const createReconcileActivities = (client: Client): ReconcileActivities => ({
  findOurs: ({ phoneNumbers }) => findOurs(client, phoneNumbers),
  listUnclaimed: ({ portfolioId, after }) => listUnclaimed(client, portfolioId, after),
  async adoptNumber({ portfolioId, phoneNumber }) {
    try {
      const { outcome } = await addNumber(client, phoneNumber, { portfolioId, by: 'reconcile' });
      return { outcome };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { outcome: 'refused', why: error.message };
    }
  },
});
