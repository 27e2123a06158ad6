import type { LifeCall, Rules } from './facts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export class NumberModel {
  pool: 'adding' | 'Added' | 'Verified' | 'Unverified' = 'adding';
  end: 'Registered' | 'Removed' | 'Rejected' | null = null;
  retryAt: number | null = null;
  failures: Partial<Record<LifeCall, number>> = {};
  addedAt: number | null = null;
  everVerified = false;
  asked: { code: boolean; removal: boolean; registration: boolean };

  inRound = false;
  again = false;
  sentAt: number | null = null;
  withMeta: string | null = null;
  held: string[] = [];
  wrong: string[] = [];
  accepted: string | null = null;
  codesSent: number[] = [];

  business: 'unread' | 'verified' | 'lapsed' = 'unread';
  claiming: NumberModel['claim'] = null;
  misses = 0;
  registerBy = 0;
  registrations: number[] = [];
  sharing: { share: boolean; partner: string }[] = [];

  call: LifeCall | null = 'addNumber';
  expiry: number | null = null;
  claim: {
    wabaId: string;
    phoneNumberId: string | null;
    customerId: string | null;
    onApp: boolean;
    at: number;
  } | null = null;
  pin: string | null = null;
  reservation: { customerId: string; until: number } | null = null;
  keptCode: { code: string; until: number } | null = null;
  sharedWith: string[] = [];
  /** Meta's pool did not have it when it was last read. */
  gone = false;

  constructor(
    readonly rules: Rules,
    public at: number,
  ) {
    this.asked = { code: rules.automation.requestCode, removal: false, registration: false };
  }

  get state(): string {
    if (this.end) return this.end;
    if (this.claim) return 'Claimed';
    if (this.pool === 'adding') return 'Added';
    return this.inRound && this.pool !== 'Verified' ? 'CodeRequested' : this.pool;
  }

  get phase(): string {
    if (this.end) return '';
    if (this.call === 'removeNumber') return 'removing';
    if (this.inRound) return this.claim || this.pool !== 'Verified' ? this.step : `renewing.${this.step}`;
    if (this.claim && this.business === 'unread') return this.call ? 'confirming' : 'unconfirmed';
    if (this.claim) return this.call ? 'registering' : this.business;
    if (this.pool === 'adding') return this.call ? 'adding' : 'deferred';
    if (this.pool !== 'Verified') return 'waiting';
    if (this.call) return 'claiming';
    return this.renewable ? 'renewable' : 'fresh';
  }

  get step() {
    if (this.call) return this.call === 'requestCode' ? 'requesting' : 'verifying';
    return this.sentAt === null ? 'deferred' : 'waiting';
  }

  /** Rules 1, 2 and 4. */
  get deadline(): number | null {
    if (this.end) return null;
    if (this.claim) return this.business === 'lapsed' ? null : this.registerBy;
    if (this.pool === 'Added') return this.addedAt! + this.rules.removeUnverifiedAfter;
    return this.pool === 'Verified' ? this.expiry : null;
  }

  /** Rule 3. */
  get renewable() {
    return this.pool === 'Verified' && this.at >= this.expiry! - this.rules.reverifyWindow;
  }

  /** A claim is looked for however late it is. */
  get lateFrom() {
    return this.claim && this.business === 'unread' ? Infinity : (this.deadline ?? Infinity);
  }

  get late() {
    return this.at >= this.lateFrom;
  }

  get codeAlive() {
    return this.sentAt !== null && this.at < this.sentAt + 10 * MINUTE;
  }

  /** The registration that must be 72 hours old before the next one: ten in any 72 hours (133016). */
  get registrableFrom() {
    return (this.registrations.at(-10) ?? -Infinity) + 3 * DAY;
  }

  get ownCodesLeft() {
    return this.codesSent.filter((sent) => sent > this.at - DAY).length < 6;
  }

  heldByAnother(customerId: string | undefined) {
    return this.reservation !== null && this.reservation.customerId !== customerId;
  }
}
