import { call, success } from '../call';
import type { Parameters } from '../parameters';
import { show } from '../listing';

const pinOf = (parameters: Parameters) => parameters.matching('pin', /^\d{6}$/, 'six digits');

/** A business phone number: reading it, registering it for Cloud API, its two-step PIN. */
export const phoneCalls = [
  call('get_phone_number', ['GET', 'phone'], show),

  call('register', ['POST', 'phone', 'register'], (phone, { meta, parameters }) => {
    parameters.matching('messaging_product', /^whatsapp$/, 'whatsapp');
    const pin = pinOf(parameters);
    if (parameters.text('data_localization_region') !== undefined) {
      parameters.matching('data_localization_region', /^[A-Z]{2}$/, 'two capital letters');
    }
    const now = meta.clock.now();
    const isNameReady = now >= phone.since + meta.assumptions.displayNameReview;
    const number = { isVerified: phone.isVerified(now), isNameReady };
    const isPinSet = phone.registration.register(pin, number, now, meta.assumptions.registeringAgain);
    return isPinSet ? success : { ...success, pin_reset: false };
  }),

  call('deregister', ['POST', 'phone', 'deregister'], (phone, { meta }) => {
    phone.registration.deregister(meta.clock.now());
    return success;
  }),

  call('set_pin', ['POST', 'phone'], (phone, { parameters }) => {
    phone.registration.setPin(pinOf(parameters));
    return success;
  }),
];
