import { userInfo } from 'node:os';
import { Option } from 'commander';
import type { NumberPool } from '../client/index';

/** Connects as the environment says, and closes when all is done. */
export async function withPool<Answer>(
  by: string,
  act: (pool: NumberPool) => Promise<Answer>,
  { inClear = false }: { inClear?: boolean } = {},
): Promise<Answer> {
  const [{ NumberPool }, { connect }, { needs, readSettings }] = await Promise.all([
    import('../client'),
    import('../temporal/connect'),
    import('../settings'),
  ]);
  const connected = await connect(readSettings(needs.client), { inClear });
  try {
    return await act(new NumberPool(connected.client, { by }));
  } finally {
    await connected.close();
  }
}

export const byOption = () =>
  new Option('--by <name>', 'in whose name, for auditors').default(userInfo().username);

/** For whoever has no keys, or a pool that is not encrypted. */
export const inClearOption = () =>
  new Option('--in-clear', 'write unencrypted, though the pool is encrypted or PAYLOAD_KEYS is set');

export const jsonOption = () => new Option('--json', 'as JSON, for programs');
