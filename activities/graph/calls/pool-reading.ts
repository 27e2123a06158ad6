import type { PortfolioId, PreverifiedId } from '../../../contract/ids';
import { GraphError } from '../graph-error';
import { page, pages } from '../paging';
import { preverifiedFields, PreverifiedNumber } from '../preverified-number';
import { digitsOf } from '../parsers';
import type { GraphRequest, Send } from '../send';

type Names = keyof typeof preverifiedFields;

/** Which names of fields the deployment has: the SDK's, until an answer without a phone number has led to others. */
export interface FieldNames {
  preverified: Names;
}

/** Calls that read a portfolio's pool. */
export function poolReadingCalls(send: Send, names: FieldNames) {
  const read = (id: PreverifiedId, by: Names) =>
    send({ method: 'GET', path: id, params: { fields: preverifiedFields[by] } }, PreverifiedNumber);

  /** The number by the other names, `null` if the deployment does not have those either. */
  async function readByOtherNames(id: PreverifiedId): Promise<PreverifiedNumber | null> {
    try {
      const number = await read(id, 'other');
      if (number.phoneNumber === '') return null;
      names.preverified = 'other';
      return number;
    } catch (error) {
      // "Tried accessing nonexisting field": there is nothing more to learn from this deployment.
      if (error instanceof GraphError && error.handling === 'number') return null;
      throw error;
    }
  }

  return {
    async getPreverifiedNumber(id: PreverifiedId): Promise<PreverifiedNumber> {
      const number = await read(id, names.preverified);
      if (number.phoneNumber !== '' || names.preverified === 'other') return number;
      return (await readByOtherNames(id)) ?? number;
    },

    /** In order of creation. */
    async *listPreverifiedNumbers(
      portfolioId: PortfolioId,
      filter: PoolFilter = {},
    ): AsyncGenerator<PreverifiedNumber, void, undefined> {
      const list = () => pages(send, pool(portfolioId, filter), PreverifiedNumber);
      let first = names.preverified === 'sdk';
      for await (const number of list()) {
        if (first && number.phoneNumber === '' && (await readByOtherNames(number.id))) {
          yield* list();
          return;
        }
        first = false;
        yield number;
      }
    },

    async preverifiedNumbersPage(portfolioId: PortfolioId, after: string | null) {
      const read = () => page(send, pool(portfolioId), PreverifiedNumber, after);
      const numbers = await read();
      const [first] = numbers.items;
      const nameless = names.preverified === 'sdk' && first?.phoneNumber === '';
      return nameless && (await readByOtherNames(first.id)) ? read() : numbers;
    },
  };

  function pool(portfolioId: PortfolioId, filter: PoolFilter = {}): GraphRequest {
    return {
      method: 'GET',
      path: `${portfolioId}/preverified_numbers`,
      params: {
        fields: preverifiedFields[names.preverified],
        phone_number: filter.phoneNumber && digitsOf(filter.phoneNumber),
        code_verification_status: filter.status,
      },
    };
  }
}

interface PoolFilter {
  phoneNumber?: string;
  status?: 'VERIFIED' | 'NOT_VERIFIED' | 'EXPIRED';
}
