import { getCluster } from '../../../stack/set-up/servers';
import { startCluster } from '../../../stack/cluster';
import type { Target } from './supervised-process';

/** Temporal's own server on PostgreSQL: either can be cut off as by a power cut. */
export async function startClusterParts(): Promise<{ address: string; temporal: Target; postgres: Target }> {
  const cluster = await startCluster(await getCluster());
  const ready = () => Promise.resolve();
  const target = (name: string, restart: () => Promise<void>, close: () => Promise<void>): Target => {
    const disruptions = { killed: 0, paused: 0, crashed: 0 };
    return {
      name,
      disruptions,
      start: ready,
      close,
      async kill() {
        disruptions.killed++;
        await restart();
      },
    };
  };
  return {
    address: cluster.address,
    temporal: target(
      'Temporal',
      () => cluster.restartTemporal(),
      () => cluster.stop(),
    ),
    postgres: target('PostgreSQL', () => cluster.restartPostgres('immediate'), ready),
  };
}
