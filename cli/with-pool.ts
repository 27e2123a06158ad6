import { userInfo } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { NumberPool, RefusedError } from '../client/index';

/** Connects as the environment says, and closes when all is done. */
export async function withPool<Answer>(
  by: string,
  act: (pool: NumberPool) => Promise<Answer>,
  { inClear = false }: { inClear?: boolean } = {},
): Promise<Answer> {
  const [{ NumberPool, RefusedError }, { connect }, { needs, readSettings }] = await Promise.all([
    import('../client'),
    import('../temporal/connect'),
    import('../settings'),
  ]);
  const connected = await connect(readSettings(needs.client), { inClear });
  const pool = new NumberPool(connected.client, { by });
  try {
    return await act(pool);
  } catch (error) {
    if (error instanceof RefusedError && error.type === 'UnknownNumber') throw await withNearest(pool, error);
    throw error;
  } finally {
    await connected.close();
  }
}

/** So many are read to find those that are meant. */
const readAtMost = 20_000;

/** Names the numbers of the pool that differ from what was written in a digit or two. */
async function withNearest(pool: NumberPool, error: RefusedError): Promise<Error> {
  const { nearest } = await import('./nearest');
  const known: string[] = [];
  for await (const { phoneNumber } of pool.list()) if (known.push(phoneNumber) >= readAtMost) break;
  const near = nearest(error.number, known);
  if (near.length === 0) return error;
  return new Error(`${error.message} Did you mean ${near.map((digits) => `+${digits}`).join(' or ')}?`);
}

/** A token that is read, or a number that was given back, is on record for good: never in the name of nobody. */
export const byOption = () =>
  new Option('--by <name>', 'in whose name, for auditors')
    .default(userName())
    .argParser(words(200, 'a person or a service'));

/** A container may run under a user ID that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.())}`;
  }
}

/** Reads what must not be left empty, as the messages do. */
export const words = (most: number, what: string) => (text: string) => {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= most) return trimmed;
  throw new InvalidArgumentError(`It must be 1 to ${String(most)} characters: ${what}.`);
};

/** For whoever has no keys, or a pool that is not encrypted. */
export const inClearOption = () =>
  new Option('--in-clear', 'write unencrypted, though the pool is encrypted or PAYLOAD_KEYS is set');

export const jsonOption = () => new Option('--json', 'as JSON, for programs');
