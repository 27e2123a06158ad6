import { Progress } from '../../../stack/set-up/progress';
import { getCluster } from '../../../stack/set-up/servers';
import { startCluster } from '../../../stack/cluster';
import type { Victim } from './part';

/** Temporal's own server on PostgreSQL: either can be cut off as by a power cut. */
export async function startClusterParts(): Promise<{ address: string; temporal: Victim; postgres: Victim }> {
  const cluster = await startCluster(await getCluster(new Progress()));
  const ready = () => Promise.resolve();
  const victim = (name: string, restart: () => Promise<void>, close: () => Promise<void>): Victim => {
    const fate = { killed: 0, halted: 0, fell: 0 };
    return {
      name,
      fate,
      start: ready,
      close,
      async kill() {
        fate.killed++;
        await restart();
      },
    };
  };
  return {
    address: cluster.address,
    temporal: victim(
      'Temporal',
      () => cluster.restartTemporal(),
      () => cluster.stop(),
    ),
    postgres: victim('PostgreSQL', () => cluster.restartPostgres('immediate'), ready),
  };
}
