import { sign, verify } from 'node:crypto';
import type { SigningKey } from '../settings/signing-keys';
import { headOf } from './append';
import type { Records } from './records';
import type { CheckpointRow } from './schema';

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

/** Signs the head as of `now` and keeps the signature. `null` where there is nothing to sign yet, or no key to sign with. */
export async function signCheckpoint(
  records: Records,
  keys: readonly SigningKey[],
  now = Date.now(),
): Promise<Checkpoint | null> {
  const key = keys.find(({ privateKey }) => privateKey !== null);
  if (!key?.privateKey) return null;
  const { privateKey } = key;
  return records.write(async (tx) => {
    const { seq, hash } = await headOf(records, tx);
    if (seq === 0) return null;
    const { id: chain, namespace } = records;
    const at = new Date(now).toISOString();
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
  return (await readStoredCheckpoints(records)).map(({ checkpoint }) => checkpoint);
}

/** A checkpoint, and what its row says beside it, which nobody signed. */
export interface StoredCheckpoint {
  checkpoint: Checkpoint;
  columns: Pick<CheckpointRow, 'seq' | 'at'>;
}

/** The same with what stands beside each in its row. */
export async function readStoredCheckpoints(records: Records): Promise<StoredCheckpoint[]> {
  const rows = await records.use((db) =>
    db
      .selectFrom('checkpoints')
      .selectAll()
      .where('namespace', '=', records.namespace)
      .orderBy('seq')
      .orderBy('at')
      .execute(),
  );
  return rows.map((row) => ({ checkpoint: checkpointOf(row), columns: { seq: row.seq, at: row.at } }));
}

/** The last one, and when it was signed, in epoch milliseconds; `null` where the head never was. */
export async function lastCheckpoint(
  records: Records,
): Promise<{ checkpoint: Checkpoint; at: number } | null> {
  const last = await records.use((db) =>
    db
      .selectFrom('checkpoints')
      .selectAll()
      .where('namespace', '=', records.namespace)
      .orderBy('seq', 'desc')
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  return last ? { checkpoint: checkpointOf(last), at: Date.parse(last.at) } : null;
}

const checkpointOf = ({ body, key_id, signature }: CheckpointRow): Checkpoint => ({
  body,
  keyId: key_id,
  signature,
});

/** What a checkpoint states, or what is wrong with it. */
export function readCheckpoint(
  { body, keyId, signature }: Checkpoint,
  keys: readonly SigningKey[],
): CheckpointBody | { fault: string; lacksKey?: string } {
  const key = keys.find(({ id }) => id === keyId);
  if (!key) {
    const lacksKey = keyId.slice(0, 64);
    return { fault: `it is signed with the key ${lacksKey}, which RECORDS_SIGNING_KEY lacks`, lacksKey };
  }
  if (!verify(null, Buffer.from(body), key.publicKey, Buffer.from(signature, 'base64')))
    return { fault: `its signature is not that of the key ${keyId}` };
  return JSON.parse(body) as CheckpointBody;
}
