import type { App } from './app';
import type { BusinessPhoneNumber } from './business-phone-number';
import type { Meta } from './meta';

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
