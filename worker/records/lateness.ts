import type { Client } from '@temporalio/client';
import { tsToMs } from '../../temporal/sdk-internals';
import { whyNotKept } from '../../client/records/keep-records';
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
 * are kept. Says why they cannot be read, or what keeps their writer from going on.
 *
 * @param at epoch milliseconds
 */
export async function findLateness(client: Client, records: Records, at: number): Promise<Alert[]> {
  const { namespace, shown } = records;
  const read = await orWhyNot(() => keptUntil(records));
  const until = typeof read === 'string' ? null : read;
  const retention = await retentionOf(client);
  const behind = at - (until ?? begun);
  if (typeof read !== 'string' && behind < retention / 2) return [];
  const reason = typeof read === 'string' ? read : await whyNotKept(client);
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

/** What the records answer, or in words why they are of no use now. */
async function orWhyNot<Answer>(ask: () => Promise<Answer>): Promise<Answer | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RecordsError) return error.message;
    throw error;
  }
}
