import { createGraphClient, GraphError } from '../../activities/graph';
import { StartError } from '../../settings/start-error';
import type { Settings } from '../../settings';

/** Reads the beginning of the pool with the token: whether Meta can be reached, knows the portfolio and lets us in. */
export async function checkGraph({ graph, pool }: Settings<'graph' | 'pool'>): Promise<string> {
  const { baseUrl, version } = graph;
  try {
    const client = createGraphClient({ ...graph, timeout: 10_000 });
    const { done } = await client.listPreverifiedNumbers(pool.portfolioId).next();
    return `${baseUrl}/${version} lists the pool of portfolio ${pool.portfolioId}${done ? ', which is empty' : ''}`;
  } catch (error) {
    throw graphFault(graph, error);
  }
}

/** What Meta said of a question of the doctor's, or why nothing could be asked. */
export function graphFault({ baseUrl }: Settings<'graph'>['graph'], error: unknown): StartError {
  const words = error instanceof Error ? error.message : String(error);
  const remedy =
    error instanceof GraphError
      ? error.whatToDo
      : `check that GRAPH_API_URL ${baseUrl} is the Graph API and can be reached from here`;
  return new StartError(words, remedy, { cause: error });
}
