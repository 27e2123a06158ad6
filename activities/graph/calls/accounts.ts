import * as v from 'valibot';
import type { PortfolioId, WabaId } from '../../../contract/ids';
import type { Lists } from '../paging';
import { asText, lenient, Success, text, wabaIdAnswer } from '../parsers';
import type { GraphRequest, Send } from '../send';

const Waba = v.object({ id: wabaIdAnswer, name: text });

const App = v.object({ id: asText, name: text });
/** Meta wraps each app; one that stands bare is read too. */
const SubscribedApp = v.union([
  v.pipe(
    v.object({ whatsapp_business_api_data: App }),
    v.transform((row) => row.whatsapp_business_api_data),
  ),
  App,
]);

const AssignedUser = v.object({ id: asText, name: text, tasks: lenient(v.array(v.string())) });

/** Calls on customers' accounts (docs/rules.md, Calls). */
export const accountCalls = (send: Send, lists: Lists) => ({
  /** Has the WABA's webhooks delivered to the app of the token. Once more changes nothing. */
  async subscribeApp(wabaId: WabaId): Promise<void> {
    await send({ method: 'POST', path: `${wabaId}/subscribed_apps` }, Success);
  },

  async unsubscribeApp(wabaId: WabaId): Promise<void> {
    await send({ method: 'DELETE', path: `${wabaId}/subscribed_apps` }, Success);
  },

  /** The apps that get the WABA's webhooks. */
  readSubscribedApps(wabaId: WabaId) {
    return all(lists.all({ method: 'GET', path: `${wabaId}/subscribed_apps` }, SubscribedApp));
  },

  /** The users of the portfolio that may manage the WABA. */
  readAssignedUsers(wabaId: WabaId, portfolioId: PortfolioId) {
    const params = { business: portfolioId, fields: 'id,name,tasks' };
    return all(lists.all({ method: 'GET', path: `${wabaId}/assigned_users`, params }, AssignedUser));
  },

  /** Lets a system user manage the WABA. One that is assigned already is no fault to Meta. */
  async assignUser(wabaId: WabaId, userId: string): Promise<void> {
    const params = { user: userId, tasks: '["MANAGE"]' };
    await send({ method: 'POST', path: `${wabaId}/assigned_users`, params }, Success);
  },

  /** The WABAs that customers share with us: where a claimed number may be. */
  listClientWabas(portfolioId: PortfolioId) {
    return lists.all(clientWabas(portfolioId, 'id,name'), Waba);
  },

  clientWabasPage(portfolioId: PortfolioId, after: string | null) {
    return lists.page(clientWabas(portfolioId, 'id,name'), Waba, after);
  },
});

/** The WABAs that customers share with the portfolio. */
export const clientWabas = (portfolioId: PortfolioId, fields: string): GraphRequest => ({
  method: 'GET',
  path: `${portfolioId}/client_whatsapp_business_accounts`,
  params: { fields },
});

async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}
