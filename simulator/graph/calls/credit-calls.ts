import { endCreditShare, shareCreditLine } from '../../meta/credit-sharing';
import { call, success } from '../call';
import { list, show } from '../listing';

/** A Solution Partner's credit line, and the shares that pay for customers' WABAs. */
export const creditCalls = [
  call('extendedcredits', ['GET', 'business', 'extendedcredits'], (portfolio, request) => {
    const lines = [...request.meta.creditLines.values()];
    return list(
      lines.filter(({ portfolioId }) => portfolioId === portfolio.id),
      request,
    );
  }),

  call(
    'whatsapp_credit_sharing_and_attach',
    ['POST', 'creditLine', 'whatsapp_credit_sharing_and_attach'],
    (line, { meta, parameters, reach }) => {
      const currency = parameters.matching('waba_currency', /^[A-Z]{3}$/, 'an ISO 4217 code');
      const waba = meta.waba(parameters.required('waba_id'));
      reach(waba);
      const share = shareCreditLine(meta, line, waba, currency);
      return { allocation_config_id: share.id, waba_id: waba.id };
    },
  ),

  call(
    'owning_credit_allocation_configs',
    ['GET', 'creditLine', 'owning_credit_allocation_configs'],
    (line, request) => {
      const receiver = request.parameters.text('receiving_business_id');
      const shares = line.shares.filter(
        ({ receivingBusinessId }) => receiver === undefined || receivingBusinessId === receiver,
      );
      return list(shares, request);
    },
  ),

  call('get_credit_share', ['GET', 'creditShare'], show),

  call('revoke_credit_sharing', ['DELETE', 'creditShare'], (share, { meta }) => {
    endCreditShare(meta, share);
    return success;
  }),
];
