import * as v from 'valibot';
import { BusinessId, type PortfolioId, type PreverifiedId } from '../../../contract/ids';
import type { Lists } from '../paging';
import { digitsOf, asText, preverifiedIdAnswer, Success, text } from '../parsers';
import type { Send } from '../send';

const Partner = v.object({ id: v.pipe(asText, BusinessId), name: text });

/** Calls on a portfolio's pool of pre-verified numbers. */
export const poolCalls = (send: Send, lists: Lists) => ({
  async addPhoneNumber(portfolioId: PortfolioId, phoneNumber: string): Promise<PreverifiedId> {
    const answer = await send(
      {
        method: 'POST',
        path: `${portfolioId}/add_phone_numbers`,
        params: { phone_number: digitsOf(phoneNumber) },
      },
      v.object({ id: preverifiedIdAnswer }),
    );
    return answer.id;
  },

  async deletePreverifiedNumber(id: PreverifiedId): Promise<void> {
    await send({ method: 'DELETE', path: id }, Success);
  },

  /** The businesses that may offer the number. */
  listPartners(id: PreverifiedId) {
    return lists.all({ method: 'GET', path: `${id}/partners`, params: { fields: 'id,name' } }, Partner);
  },

  async sharePreverifiedNumber(
    portfolioId: PortfolioId,
    id: PreverifiedId,
    partner: BusinessId,
  ): Promise<void> {
    await send({ method: 'POST', ...sharing(portfolioId, id, partner) }, Success);
  },

  async unsharePreverifiedNumber(
    portfolioId: PortfolioId,
    id: PreverifiedId,
    partner: BusinessId,
  ): Promise<void> {
    await send({ method: 'DELETE', ...sharing(portfolioId, id, partner) }, Success);
  },
});

const sharing = (portfolioId: PortfolioId, id: PreverifiedId, partner: BusinessId) => ({
  path: `${portfolioId}/share_preverified_numbers`,
  params: { partner_business_id: partner, preverified_id: id },
});
