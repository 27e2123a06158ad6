import { StartError } from '../../settings/start-error';
import { findPostgres, postgresRemedy } from './postgres';
import { findOnPath } from './programs';
import { getTemporalCli } from './temporal-cli';
import { findTemporalServer, getTemporalServer } from './temporal-server';
import { getTimeSkippingServer } from './time-skipping-server';

/** Has both servers that tests run on. @throws {AggregateError} of what is missing for either */
export const getServers = () => all(getTemporalCli, getTimeSkippingServer);

/**
 * What a cluster consists of: the folders of the programs of Temporal's server and of PostgreSQL.
 *
 * @throws {AggregateError} of what is missing for either
 */
export async function getCluster(): Promise<{ temporalBin: string; postgresBin: string }> {
  const [temporalBin = '', postgresBin = ''] = await all(getTemporalServer, getPostgres);
  return { temporalBin, postgresBin };
}

/** What keeps a cluster from being had here. */
export function clusterLacks(): string | undefined {
  if (!findPostgres()) return `there is no PostgreSQL: ${postgresRemedy}`;
  if (findTemporalServer() || findOnPath('go')) return undefined;
  return 'there is no Go to build the Temporal server with: install Go (https://go.dev/dl)';
}

function getPostgres(): string {
  const found = findPostgres();
  if (found) return found;
  throw new StartError('PostgreSQL is not on this machine', postgresRemedy);
}

/** Gets one after the other; what is missing for any of them is said at once. */
async function all(...wanted: readonly (() => string | Promise<string>)[]): Promise<string[]> {
  const got: string[] = [];
  const faults: unknown[] = [];
  for (const get of wanted) {
    try {
      got.push(await get());
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults);
  return got;
}
