import type { PortfolioId, PreverifiedId } from '../../../contract/ids';
import type { ByFieldNames } from '../field-names';
import { numberReader } from '../number-reader';
import type { Lists } from '../paging';
import { digitsOf } from '../parsers';
import { PreverifiedNumber } from '../preverified-number';
import type { GraphRequest, Send } from '../send';

interface PoolFilter {
  phoneNumber?: string;
  status?: 'VERIFIED' | 'NOT_VERIFIED' | 'EXPIRED';
}

/** Calls that read a portfolio's pool. */
export function poolReadingCalls(send: Send, lists: Lists, byFieldNames: ByFieldNames) {
  const numbers = numberReader(PreverifiedNumber, byFieldNames, send, lists);
  return {
    getPreverifiedNumber: (id: PreverifiedId) => numbers.one(id),

    /** In order of creation. */
    listPreverifiedNumbers: (portfolioId: PortfolioId, filter: PoolFilter = {}) =>
      numbers.all(pool(portfolioId, filter)),

    preverifiedNumbersPage: (portfolioId: PortfolioId, after: string | null) =>
      numbers.page(pool(portfolioId), after),
  };
}

const pool = (portfolioId: PortfolioId, { phoneNumber, status }: PoolFilter = {}): GraphRequest => ({
  method: 'GET',
  path: `${portfolioId}/preverified_numbers`,
  params: { phone_number: phoneNumber && digitsOf(phoneNumber), code_verification_status: status },
});
