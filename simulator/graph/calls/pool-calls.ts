import { addPhoneNumber, deletePreverifiedNumber, listPool } from '../../meta/pool';
import { partnersOf, share, unshare } from '../../meta/sharing';
import { digitsOf } from '../../phone-number';
import { call, success } from '../call';
import { list, show } from '../listing';
import type { Parameters } from '../parameters';
import { preverifiedStatus } from '../views';

const sharingIn = (parameters: Parameters) => ({
  preverifiedId: parameters.required('preverified_id'),
  partnerId: parameters.required('partner_business_id'),
});

/** A portfolio's pool of pre-verified numbers. */
export const poolCalls = [
  call('add_phone_numbers', ['POST', 'business', 'add_phone_numbers'], (portfolio, { meta, parameters }) => ({
    id: addPhoneNumber(meta, portfolio, parameters.required('phone_number')).id,
  })),

  call('preverified_numbers', ['GET', 'business', 'preverified_numbers'], (portfolio, request) => {
    const { meta, parameters } = request;
    const status = parameters.text('code_verification_status');
    const phoneNumber = parameters.text('phone_number');
    const found = listPool(meta, portfolio).filter(
      (number) =>
        (status === undefined || preverifiedStatus(meta, number) === status) &&
        (phoneNumber === undefined || number.number.digits === digitsOf(phoneNumber)),
    );
    return list(found, request);
  }),

  call('get_preverified_number', ['GET', 'preverified'], show),

  call('delete_preverified_number', ['DELETE', 'preverified'], (number, { meta }) => {
    deletePreverifiedNumber(meta, number);
    return success;
  }),

  call('partners', ['GET', 'preverified', 'partners'], (number, request) =>
    list(partnersOf(request.meta, number), request),
  ),

  call(
    'share_preverified_numbers',
    ['POST', 'business', 'share_preverified_numbers'],
    (portfolio, { meta, parameters }) => {
      share(meta, portfolio, sharingIn(parameters));
      return success;
    },
  ),

  call(
    'unshare_preverified_numbers',
    ['DELETE', 'business', 'share_preverified_numbers'],
    (portfolio, { meta, parameters }) => {
      unshare(meta, portfolio, sharingIn(parameters));
      return success;
    },
  ),
];
