import { GraphError, invalidParameter } from '../../graph-error';
import { isNameReady } from '../../meta/display-name';
import { whyMute } from '../../meta/messaging';
import { digitsOf } from '../../phone-number';
import { call, success } from '../call';
import type { Parameters } from '../parameters';
import { show } from '../listing';

const pinOf = (parameters: Parameters) => parameters.matching('pin', /^\d{6}$/, 'six digits');

const muteErrors = {
  notRegistered: 'notRegistered',
  notSubscribed: 'permission',
  notFunded: 'payment',
} as const;

/** `{"body": "Hello"}` */
function textIn(json: string): string {
  try {
    const { body } = JSON.parse(json) as { body?: unknown };
    if (typeof body === 'string' && body !== '') return body;
  } catch {
    // Said below.
  }
  throw invalidParameter('Param text must be {"body": "…"}');
}

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
    const number = { isVerified: phone.isVerified(now), isNameReady: isNameReady(meta, phone) };
    const isPinSet = phone.registration.register(pin, number, now, meta.assumptions.registeringAgain);
    phone.takeNewName();
    return isPinSet ? success : { ...success, pin_reset: false };
  }),

  call('deregister', ['POST', 'phone', 'deregister'], (phone, { meta }) => {
    phone.registration.deregister(meta.clock.now());
    return success;
  }),

  call('messages', ['POST', 'phone', 'messages'], (phone, { meta, app, parameters }) => {
    parameters.matching('messaging_product', /^whatsapp$/, 'whatsapp');
    const to = digitsOf(parameters.required('to'));
    const text = textIn(parameters.required('text'));
    const mute = whyMute(meta, phone, app);
    if (mute !== null) throw new GraphError(muteErrors[mute]);
    const { id } = meta.messages.add({ from: phone.number.digits, to, text });
    return { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] };
  }),

  call('set_pin', ['POST', 'phone'], (phone, { parameters }) => {
    phone.registration.setPin(pinOf(parameters));
    return success;
  }),
];
