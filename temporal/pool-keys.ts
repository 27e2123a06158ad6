import { createHmac } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import {
  Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { POOL_KEYS_ID } from '../contract/workflow-ids';
import type { PayloadKey } from '../settings/payload-keys';

/** A key as the pool states it: enough to recognize it, nothing to decrypt with. */
export interface PoolKey {
  id: string;
  /** HMAC-SHA256 of a constant, in hexadecimal: two keys of one name are told apart. */
  fingerprint: string;
  /** A worker has encrypted with it, so histories need it. `false`: workers can read it, as before a rotation. */
  used: boolean;
}

/** What the workers of a namespace know of payload keys, in the memo of the workflow {@link POOL_KEYS_ID}. */
export interface PoolKeys {
  /** Empty: the pool is in clear. */
  keys: readonly PoolKey[];
  /** The ID of the key that the newest worker encrypts with; `null` in clear. */
  encryptsWith: string | null;
  /** ISO 8601, UTC. */
  statedAt: string;
  statedBy: string;
}

const MEMO = 'payloadKeys';

/** One call to Temporal. `null` where no worker has stated any yet. */
export async function readPoolKeys({ workflowService, options }: Client): Promise<PoolKeys | null> {
  try {
    const { workflowExecutionInfo: info } = await workflowService.describeWorkflowExecution({
      namespace: options.namespace,
      execution: { workflowId: POOL_KEYS_ID },
    });
    const { WORKFLOW_EXECUTION_STATUS_RUNNING } = temporal.api.enums.v1.WorkflowExecutionStatus;
    const stated = info?.memo?.fields?.[MEMO];
    if (info?.status !== WORKFLOW_EXECUTION_STATUS_RUNNING || !stated) return null;
    return defaultPayloadConverter.fromPayload<PoolKeys>(stated);
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) return null;
    throw error;
  }
}

/** The pool's keys once a worker with this ring works on it, too: what was known stays known. */
export function joined(
  pool: PoolKeys | null,
  ring: readonly PayloadKey[],
): Omit<PoolKeys, 'statedAt' | 'statedBy'> {
  const [first] = ring;
  const known = pool?.keys ?? [];
  const added = ring.filter(({ id }) => !known.some((key) => key.id === id)).map(stated);
  return {
    keys: [...known, ...added].map((key) => (key.id === first?.id ? { ...key, used: true } : key)),
    encryptsWith: first?.id ?? null,
  };
}

/** Of the ring, with nothing that was known before. */
export const onlyOf = (ring: readonly PayloadKey[]) => joined(null, ring);

export const stated = ({ id, key }: PayloadKey): PoolKey => ({
  id,
  fingerprint: createHmac('sha256', key).update('payload key of a pool').digest('hex'),
  used: false,
});

/**
 * States the keys for all to see, in the place of what was stated before; each statement is a run of its own.
 *
 * @returns `false` where somebody has stated some first, and none were known to this one
 */
export async function statePoolKeys(
  { connection, options }: Client,
  keys: Omit<PoolKeys, 'statedAt' | 'statedBy'>,
  { by, instead }: { by: string; instead: boolean },
): Promise<boolean> {
  // Without a codec: whoever lacks the keys must be able to read which they are.
  const inClear = new Client({ connection, namespace: options.namespace });
  const summary =
    keys.keys.length === 0
      ? 'Payloads are in clear'
      : `Payload keys ${keys.keys.map(({ id }) => id).join(', ')}`;
  try {
    await inClear.workflow.start('poolKeys', {
      workflowId: POOL_KEYS_ID,
      taskQueue: NUMBERS_TASK_QUEUE,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: instead
        ? WorkflowIdConflictPolicy.TERMINATE_EXISTING
        : WorkflowIdConflictPolicy.FAIL,
      memo: { [MEMO]: { ...keys, statedAt: new Date().toISOString(), statedBy: by } satisfies PoolKeys },
      staticSummary: summary,
      staticDetails:
        'The memo says which payload keys the workers of this namespace know: IDs and fingerprints, no keys. Clients and workers compare theirs before they write. Leave it running: `preverified keys` shows it and changes it.',
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
