import { userInfo } from 'node:os';
import { Option } from 'commander';
import type { NumberPool } from '../index';
import { load } from './load';

/** Connects as the environment says, and closes when all is done. */
export async function withPool<Answer>(
  by: string,
  act: (pool: NumberPool) => Promise<Answer>,
): Promise<Answer> {
  const { needs, readSettings } = load.settings();
  const connected = await load.connection().connect(readSettings(needs.client));
  try {
    return await act(new (load.pool().NumberPool)(connected.client, { by }));
  } finally {
    await connected.close();
  }
}

export const byOption = () =>
  new Option('--by <name>', 'in whose name, for auditors').default(userInfo().username);

export const jsonOption = () => new Option('--json', 'as JSON, for programs');
