import type { Client } from '@temporalio/client';
import type { PayloadKey } from '../settings/payload-keys';
import { StartError } from '../settings/start-error';
import { EncryptionCodec } from './encryption-codec';
import { joined, readPoolKeys, stated, statePoolKeys, type PoolKeys } from './pool-keys';

/**
 * Before a client writes: the pool's workers must be able to read what it encrypts, and it must be able to read what they
 * encrypt. Costs one call.
 *
 * @throws {StartError} naming the key and what to do
 */
export async function checkClientKeys(client: Client): Promise<void> {
  const codec = codecOf(client);
  // Nothing to compare: an operator chose to write in clear, or the codec is not ours and has keys of its own.
  if (codec === 'unknown' || codec?.options.inClear) return;
  const pool = await readPoolKeys(client);
  const fault = pool && mismatch(pool, codec?.keys ?? []);
  if (fault) throw new StartError(`Nothing was written: ${fault.what}`, fault.clientsCure);
}

/**
 * Before a worker works: it must read what the pool holds, and encrypt with nothing that the other workers cannot read. Its
 * own keys are stated for clients and for workers to come.
 *
 * @throws {StartError} naming the key and what to do; then nothing was touched
 */
export async function checkWorkerKeys(client: Client, ring: readonly PayloadKey[]): Promise<void> {
  for (let first = true; ; first = false) {
    const pool = await readPoolKeys(client);
    const fault = pool && mismatch(pool, ring);
    if (fault) throw new StartError(`This worker must not start: ${fault.what}`, fault.workersCure);
    const next = joined(pool, ring);
    if (pool && sameKeys(pool, next) && (!first || pool.encryptsWith === next.encryptsWith)) return;
    // Two may state theirs at once: each looks again whether its own are there.
    await statePoolKeys(client, next, { by: 'worker', instead: pool !== null });
  }
}

interface Mismatch {
  what: string;
  clientsCure: string;
  workersCure: string;
}

const inClear = 'or say --in-clear, which "add" and the messages take';

/** Why a process with this key ring and the pool's workers cannot read each other; `null` where they can. */
export function mismatch(pool: PoolKeys, ring: readonly PayloadKey[]): Mismatch | null {
  const { keys, encryptsWith } = pool;
  const own = ring.map(stated);
  const [first] = own;
  const known = keys.map(({ id }) => id).join(', ');
  const ringOfWorkers = 'set PAYLOAD_KEYS to the key ring of the workers';
  const ringOfPool = `set PAYLOAD_KEYS to the key ring of the other workers (${known || 'none'})`;
  const takeOver = 'or make this ring the pool\'s with "preverified keys --set"';

  const other = own.find(({ id, fingerprint }) =>
    keys.some((key) => key.id === id && key.fingerprint !== fingerprint),
  );
  if (other) {
    return {
      what: `PAYLOAD_KEYS holds another key of the name ${other.id} than the pool's`,
      clientsCure: ringOfWorkers,
      workersCure: `${ringOfPool}, ${takeOver}`,
    };
  }
  if (encryptsWith === null) {
    return first === undefined
      ? null
      : {
          what: `the pool is in clear, and PAYLOAD_KEYS would encrypt with the key ${first.id}`,
          clientsCure: `unset PAYLOAD_KEYS, ${inClear}`,
          workersCure:
            'unset PAYLOAD_KEYS, or encrypt from now on: stop the other workers, and run "preverified keys --set"',
        };
  }
  if (first === undefined) {
    return {
      what: `the pool is encrypted with the key ${encryptsWith}, and PAYLOAD_KEYS is empty`,
      clientsCure: `${ringOfWorkers}, ${inClear}`,
      workersCure: ringOfPool,
    };
  }
  if (!own.some(({ id }) => id === encryptsWith)) {
    return {
      what: `the pool is encrypted with the key ${encryptsWith}, and PAYLOAD_KEYS has only ${own.map(({ id }) => id).join(', ')}`,
      clientsCure: ringOfWorkers,
      workersCure: `${ringOfPool}, ${takeOver}`,
    };
  }
  if (!keys.some(({ id }) => id === first.id)) {
    return {
      what: `PAYLOAD_KEYS would encrypt with the key ${first.id}, which the pool's workers do not know (they know ${known})`,
      clientsCure: `put it behind ${encryptsWith} until every worker was restarted with it (docs/deploying.md, Rotating a payload key)`,
      workersCure: `put it behind ${encryptsWith}, restart every process so, and only then move it to the front (docs/deploying.md, Rotating a payload key)`,
    };
  }
  // Histories need it, and workers that have it in front may still be running.
  const lost = keys.filter(({ id, used }) => used && !own.some((key) => key.id === id)).map(({ id }) => id);
  if (lost.length > 0) {
    return {
      what: `the pool holds what the key ${lost.join(', ')} encrypted, and PAYLOAD_KEYS lacks it`,
      clientsCure: 'add it behind the first',
      workersCure:
        'add it behind the first; once nothing needs it any more, forget it with "preverified keys --set"',
    };
  }
  return null;
}

function sameKeys({ keys }: Pick<PoolKeys, 'keys'>, other: Pick<PoolKeys, 'keys'>): boolean {
  const text = (list: PoolKeys['keys']) => list.map(({ id, used }) => `${id} ${String(used)}`).join();
  return text(keys) === text(other.keys);
}

/** `null` for a client without any, whose payloads are in clear. */
function codecOf({ options }: Client): EncryptionCodec | 'unknown' | null {
  const { payloadCodecs } = options.loadedDataConverter;
  const ours = payloadCodecs.find((codec) => codec instanceof EncryptionCodec);
  return ours ?? (payloadCodecs.length === 0 ? null : 'unknown');
}
