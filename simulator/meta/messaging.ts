import type { App } from './app';
import type { BusinessPhoneNumber } from './business-phone-number';
import type { Meta } from './meta';

/** A WhatsApp message, from a business or to one. */
export interface WhatsAppMessage {
  /** `wamid.…` */
  id: string;
  /** Digits. */
  from: string;
  to: string;
  text: string;
  /** ISO 8601 */
  at: string;
}

/** Every message that went through, oldest first. */
export class WhatsAppMessages {
  readonly #messages: WhatsAppMessage[] = [];

  add(meta: Meta, message: Omit<WhatsAppMessage, 'id' | 'at'>): WhatsAppMessage {
    const at = new Date(meta.clock.now()).toISOString();
    const sent = { id: `wamid.${meta.newId()}`, ...message, at };
    this.#messages.push(sent);
    return sent;
  }

  list(number: string | null): WhatsAppMessage[] {
    return this.#messages.filter(({ from, to }) => number === null || from === number || to === number);
  }
}

export type Mute = 'notRegistered' | 'notSubscribed' | 'notFunded';

/**
 * Why a number can neither send nor receive (docs/rules.md, Embedded Signup); `null` where it can.
 *
 * @param app by which it is to send; `null`: any that is subscribed
 */
export function whyMute(meta: Meta, phone: BusinessPhoneNumber, app: App | null = null): Mute | null {
  const { subscribedApps, fundingId } = meta.waba(phone.wabaId);
  if (!phone.registration.registered) return 'notRegistered';
  if (app === null ? subscribedApps.size === 0 : !subscribedApps.has(app)) return 'notSubscribed';
  if (fundingId === null && meta.assumptions.unfundedWabas === 'mute') return 'notFunded';
  return null;
}
