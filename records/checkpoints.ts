import { sign, verify } from 'node:crypto';
import type { SigningKey } from '../settings/signing-keys';
import { headOf } from './append';
import type { Records } from './records';

/** A signed statement of what the chain's head is. Who has it can prove later that nothing before it was changed. */
export interface Checkpoint {
  /** JSON as it was signed: a {@link CheckpointBody}. */
  body: string;
  keyId: string;
  /** Ed25519 over the bytes of `body`, in base64. */
  signature: string;
}

export interface CheckpointBody {
  chain: string;
  namespace: string;
  /** Of the last entry: there were so many. */
  seq: number;
  hash: string;
  at: string;
}

/** Signs the head and keeps the signature. `null` where there is nothing to sign yet, or no key to sign with. */
export async function signCheckpoint(
  records: Records,
  keys: readonly SigningKey[],
): Promise<Checkpoint | null> {
  const key = keys.find(({ privateKey }) => privateKey !== null);
  if (!key?.privateKey) return null;
  const { privateKey } = key;
  return records.write(async (tx) => {
    const { seq, hash } = await headOf(records, tx);
    if (seq === 0) return null;
    const { id: chain, namespace } = records;
    const at = new Date().toISOString();
    const body = JSON.stringify({ chain, namespace, seq, hash, at } satisfies CheckpointBody);
    const signature = sign(null, Buffer.from(body), privateKey).toString('base64');
    await tx
      .insertInto('checkpoints')
      .values({ namespace, seq, at, body, key_id: key.id, signature })
      .execute();
    return { body, keyId: key.id, signature };
  });
}

/** All of them, the oldest first. */
export async function readCheckpoints(records: Records): Promise<Checkpoint[]> {
  const rows = await records.use((db) =>
    db
      .selectFrom('checkpoints')
      .selectAll()
      .where('namespace', '=', records.namespace)
      .orderBy('seq')
      .orderBy('at')
      .execute(),
  );
  return rows.map(({ body, key_id, signature }) => ({ body, keyId: key_id, signature }));
}

/** When the head was signed last, epoch milliseconds; `null` for never. */
export async function lastCheckpointAt(records: Records): Promise<number | null> {
  const checkpoints = await records.use((db) =>
    db
      .selectFrom('checkpoints')
      .select(({ fn }) => fn.max('at').as('at'))
      .where('namespace', '=', records.namespace)
      .executeTakeFirst(),
  );
  return checkpoints?.at ? Date.parse(checkpoints.at) : null;
}

/** What a checkpoint states, or what is wrong with it. */
export function readCheckpoint(
  { body, keyId, signature }: Checkpoint,
  keys: readonly SigningKey[],
): CheckpointBody | { fault: string } {
  const key = keys.find(({ id }) => id === keyId);
  if (!key)
    return { fault: `it is signed with the key ${keyId.slice(0, 64)}, which RECORDS_SIGNING_KEY lacks` };
  if (!verify(null, Buffer.from(body), key.publicKey, Buffer.from(signature, 'base64')))
    return { fault: `its signature is not that of the key ${keyId}` };
  return JSON.parse(body) as CheckpointBody;
}
