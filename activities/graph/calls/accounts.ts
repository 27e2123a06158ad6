import * as v from 'valibot';
import type { PortfolioId, WabaId } from '../../../contract/ids';
import type { Lists } from '../paging';
import { Success, text, wabaIdAnswer } from '../parsers';
import type { GraphRequest, Send } from '../send';

const Waba = v.object({ id: wabaIdAnswer, name: text });
const Token = v.object({ access_token: v.pipe(v.string(), v.nonEmpty()) });

/** Calls on customers' accounts (docs/rules.md, Calls). */
export const accountCalls = (send: Send, lists: Lists) => ({
  /** Has the WABA's webhooks delivered to our app. */
  async subscribeApp(wabaId: WabaId): Promise<void> {
    await send({ method: 'POST', path: `${wabaId}/subscribed_apps` }, Success);
  },

  /** The WABAs that customers share with us: where a claimed number may be. */
  listClientWabas(portfolioId: PortfolioId) {
    return lists.all(clientWabas(portfolioId), Waba);
  },

  clientWabasPage(portfolioId: PortfolioId, after: string | null) {
    return lists.page(clientWabas(portfolioId), Waba, after);
  },

  /** Exchanges the code of a signup, which lives 30 seconds, for the customer's access token. */
  async exchangeSignupCode(app: { id: string; secret: string }, code: string): Promise<string> {
    const params = { client_id: app.id, client_secret: app.secret, code };
    const answer = await send(
      { method: 'GET', path: 'oauth/access_token', params, withoutToken: true },
      Token,
    );
    return answer.access_token;
  },
});

const clientWabas = (portfolioId: PortfolioId): GraphRequest => ({
  method: 'GET',
  path: `${portfolioId}/client_whatsapp_business_accounts`,
  params: { fields: 'id,name' },
});
