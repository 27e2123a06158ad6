import type { CustomerActivities } from '../contract/customer-activities';
import type { WabaId } from '../contract/ids';
import { GraphError, type GraphClient } from './graph';

/** Made up, another kind of object, or not shared with us: 100, 100/33, 803, 10 and 200 to 299 (docs/rules.md, Errors). */
export const isNoWabaOfOurs = (error: unknown) =>
  error instanceof GraphError && /^(10|33|100|803|2\d\d)(\/|$)/.test(error.code);

/** Where our app's ID is not configured, any app counts. */
export async function isSubscribed(
  graph: GraphClient,
  wabaId: WabaId,
  appId: string | null,
): Promise<boolean> {
  const apps = await graph.readSubscribedApps(wabaId);
  return appId === null ? apps.length > 0 : apps.some(({ id }) => id === appId);
}

/**
 * Whether the customer has left, by what Meta shows to the system token. A WABA that can be read is still with us, unless
 * the customer has uninstalled our app. One that cannot be read has left if it does not stand among the WABAs that are
 * shared with our portfolio either: a token that has lost a permission reads none.
 */
export async function departed(
  graph: GraphClient,
  { wabaId, portfolioId, event }: Parameters<CustomerActivities['confirmDeparture']>[0],
  appId: string | null,
): Promise<boolean> {
  try {
    const subscribed = await isSubscribed(graph, wabaId, appId);
    if (event !== 'PARTNER_APP_UNINSTALLED') return false;
    return !subscribed;
  } catch (error) {
    if (!isNoWabaOfOurs(error)) throw error;
  }
  for await (const { id } of graph.listClientWabas(portfolioId)) if (id === wabaId) return false;
  return true;
}
