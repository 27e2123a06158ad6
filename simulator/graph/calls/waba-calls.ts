import { invalidParameter } from '../../graph-error';
import { addToWaba, checkSameNumber, claim } from '../../meta/claims';
import type { Waba } from '../../meta/waba';
import { digitsOf, readPhoneNumber } from '../../phone-number';
import { call, success, type GraphRequest } from '../call';
import { list, show } from '../listing';

/** Both dialects: the document's country_dial_code and display_phone_number, the SDK's cc and phone_number. */
function createPhoneNumber(waba: Waba, { meta, parameters }: GraphRequest) {
  const dialCode = parameters.text('country_dial_code') ?? parameters.required('cc');
  const phoneNumber = parameters.text('display_phone_number') ?? parameters.required('phone_number');
  const verifiedName = parameters.required('verified_name');
  const preverifiedId = parameters.text('preverified_id');
  if (preverifiedId === undefined) {
    const number = readPhoneNumber(digitsOf(dialCode) + digitsOf(phoneNumber));
    if (number === null) throw invalidParameter('The phone number is not valid');
    return { id: addToWaba(meta, number, waba, verifiedName).id };
  }
  const preverified = meta.preverified(preverifiedId);
  checkSameNumber(preverified, dialCode, phoneNumber);
  if (meta.assumptions.apiClaimOfUnverified === 'refused' && !preverified.isVerified(meta.clock.now())) {
    throw invalidParameter('The pre-verified number is not verified');
  }
  return { id: claim(meta, preverified, waba, verifiedName).id };
}

export const wabaCalls = [
  call('create_phone_number', ['POST', 'waba', 'phone_numbers'], createPhoneNumber),

  call('phone_numbers', ['GET', 'waba', 'phone_numbers'], (waba, request) => {
    const wanted = request.parameters.text('display_phone_number');
    const found = waba.phoneNumbers.filter(
      ({ number }) => wanted === undefined || number.digits === digitsOf(wanted),
    );
    return list(found, request);
  }),

  call(
    'client_whatsapp_business_accounts',
    ['GET', 'business', 'client_whatsapp_business_accounts'],
    (portfolio, request) => {
      const wabas = [...portfolio.clientWabaIds].map((id) => request.meta.waba(id));
      return list(wabas, request);
    },
  ),

  call('subscribed_apps', ['POST', 'waba', 'subscribed_apps'], (waba, { app }) => {
    waba.subscribedApps.add(app);
    return success;
  }),

  call('get_subscribed_apps', ['GET', 'waba', 'subscribed_apps'], ({ subscribedApps }) => ({
    data: [...subscribedApps].map(({ id, name }) => ({ whatsapp_business_api_data: { id, name } })),
  })),

  call('unsubscribe_app', ['DELETE', 'waba', 'subscribed_apps'], (waba, { app }) => {
    waba.subscribedApps.delete(app);
    return success;
  }),

  call('assigned_users', ['POST', 'waba', 'assigned_users'], (waba, { parameters }) => {
    if (!parameters.required('tasks').includes('MANAGE')) {
      throw invalidParameter('Param tasks must hold MANAGE');
    }
    waba.assignedUserIds.add(parameters.matching('user', /^\d+$/, 'the ID of a user'));
    return success;
  }),

  call('get_assigned_users', ['GET', 'waba', 'assigned_users'], (waba, { parameters }) => {
    parameters.required('business');
    return {
      data: [...waba.assignedUserIds].map((id) => ({ id, name: `System user ${id}`, tasks: ['MANAGE'] })),
    };
  }),

  call('get_waba', ['GET', 'waba'], show),
  call('get_business', ['GET', 'business'], show),
];
