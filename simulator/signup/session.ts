import { ControlError } from '../control/control-error';
import type { App } from '../meta/app';
import { addToWaba, claim } from '../meta/claims';
import { requestCode, verifyCode, type Verifiable } from '../meta/codes';
import { partnerOf } from '../meta/partner';
import type { PreverifiedNumber } from '../meta/preverified-number';
import type { Waba } from '../meta/waba';
import { readPhoneNumber } from '../phone-number';
import type { Simulation } from '../simulation';
import { readLogin } from './login-options';
import { signUp } from './sign-up';

/** How a customer goes on from the screen that asks for a number. */
export type Choice = 'preverified' | 'own' | 'none' | 'app';

/** What the popup sends the page that opened it, in Meta's own fields. */
export interface SessionMessage {
  type: 'WA_EMBEDDED_SIGNUP';
  version: string;
  event: string;
  data: Record<string, string | string[]>;
}

/** One customer's way through the popup, as Meta keeps it behind the screens. */
export class SignupSession {
  readonly #simulation: Simulation;
  readonly #waba: Waba;
  readonly #businessId: string;
  readonly #app: App | null;
  readonly #isV4: boolean;
  /** Only the first of the pre-verified IDs is shown, and only while it is in a pool. */
  readonly offered: PreverifiedNumber | null;
  #choice: Choice = 'none';
  /** The customer's own number, put on the WABA when its code is asked for. */
  #own: Exclude<Verifiable, PreverifiedNumber> | null = null;

  /** @param appId of the app that opened the popup, where it said so */
  constructor(simulation: Simulation, options: unknown, appId: string | null) {
    this.#simulation = simulation;
    const { meta } = simulation;
    this.#waba = meta.waba(meta.newId());
    this.#businessId = meta.business(meta.newId()).id;
    this.#waba.ownerBusinessId = this.#businessId;
    this.#waba.sharedWith = new Set();
    this.#app = appId === null ? null : meta.apps.named(appId);
    const { isV4, firstId } = readLogin(options);
    this.#isV4 = isV4;
    const isShown = firstId !== null && (!isV4 || meta.assumptions.v4ShowsPreverified);
    const named = isShown ? meta.preverifiedNumbers.get(firstId) : undefined;
    this.offered = named?.isInPool(simulation.clock.now()) ? named : null;
  }

  /** @returns whether a code must be entered next, which is then on its way to the number */
  choose(choice: Choice, phoneNumber: string): { codeSent: boolean } {
    this.#choice = choice;
    const target = this.#numberToTake(phoneNumber);
    if (target === null || target.isVerified(this.#simulation.clock.now())) return { codeSent: false };
    requestCode(this.#simulation.meta, target, 'SMS', 'en_US');
    return { codeSent: true };
  }

  verify(code: string): void {
    const target = this.#choice === 'own' ? this.#own : this.offered;
    if (target === null) throw new ControlError('there is no number to verify');
    verifyCode(this.#simulation.meta, target, code);
  }

  /** The customer grants the permissions: from here on the number is the WABA's, whatever the browser reports. */
  finish(businessName: string): { message: SessionMessage; code: string | null } {
    const { meta, signupCodes } = this.#simulation;
    const phoneNumberId = this.#take(businessName);
    const partner = this.offered?.portfolioId ?? partnerOf(meta, this.#app);
    if (partner !== null) void signUp(this.#simulation, this.#waba, partner, this.#app);
    const grant = { appId: this.#app?.id ?? null, wabaIds: [this.#waba.id] };
    const named = phoneNumberId !== null && meta.assumptions.finishNamesPhoneNumber;
    return {
      message: {
        type: 'WA_EMBEDDED_SIGNUP',
        version: this.#isV4 ? 'v4' : '3',
        event: events[this.#choice],
        data: {
          ...(named && { phone_number_id: phoneNumberId }),
          waba_id: this.#waba.id,
          business_id: this.#businessId,
          ...(this.#isV4 && { waba_ids: [this.#waba.id], page_ids: [], catalog_ids: [], dataset_ids: [] }),
        },
      },
      code: meta.assumptions.signupCode ? signupCodes.issue(grant) : null,
    };
  }

  #numberToTake(phoneNumber: string): Verifiable | null {
    switch (this.#choice) {
      case 'preverified':
        if (this.offered === null) throw new ControlError('no pre-verified number is offered');
        return this.#simulation.meta.preverified(this.offered.id);
      case 'own': {
        const number = readPhoneNumber(phoneNumber);
        if (number === null) throw new ControlError('that is no phone number');
        return (this.#own ??= addToWaba(this.#simulation.meta, number, this.#waba, 'Lucky Shrub'));
      }
      default:
        return null;
    }
  }

  #take(businessName: string): string | null {
    const { meta } = this.#simulation;
    if (this.#choice === 'own') return this.#own?.id ?? null;
    if (this.#choice !== 'preverified' || this.offered === null) return null;
    return claim(meta, meta.preverified(this.offered.id), this.#waba, businessName).id;
  }
}

const events: Record<Choice, string> = {
  preverified: 'FINISH',
  own: 'FINISH',
  none: 'FINISH_ONLY_WABA',
  app: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
};
