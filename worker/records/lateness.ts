import type { Client } from '@temporalio/client';
import { tsToMs } from '../../temporal/sdk-internals';
import { webhookEventId } from '../../contract/webhook-events';
import { keptUntil, RecordsError, type Records } from '../../records';
import type { Alert } from '../webhooks/alerts';

/** Milliseconds that the namespace keeps closed runs. */
export async function retentionOf({ workflowService, options: { namespace } }: Client): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl ?? null);
}

/** Before the first search nothing is late: this process began then. */
const begun = Date.now();

/**
 * The alert that the records have fallen half of the retention behind: from then on closed runs will be deleted before they
 * are kept. Says why they cannot be read, where that is so.
 *
 * @param at epoch milliseconds
 */
export async function findLateness(client: Client, records: Records, at: number): Promise<Alert[]> {
  const { namespace, shown } = records;
  let until: number | null = null;
  let reason: string | null = null;
  try {
    until = await keptUntil(records);
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    reason = error.message;
  }
  const retention = await retentionOf(client);
  const behind = at - (until ?? begun);
  if (reason === null && behind < retention / 2) return [];
  const since = until === null ? null : new Date(until).toISOString();
  const id = webhookEventId(namespace, 'records_late', until ?? begun);
  const data = { namespace, records: shown, keptUntil: since, behind, retention, reason };
  return [
    {
      key: id,
      event: {
        id,
        type: 'warning.records_late',
        at: new Date(at).toISOString(),
        partnerBusinessId: null,
        data,
      },
    },
  ];
}
