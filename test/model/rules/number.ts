import type { LifeCall, Rules } from './facts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Minutes to wait after each look that did not show a claim; the sixth is the last. */
export const LOOKS = [1, 2, 4, 8, 14].map((minutes) => minutes * MINUTE);

export interface Report extends NonNullable<NumberModel['claim']> {
  looks: number;
  lookAt: number;
}

export class NumberModel {
  pool: 'adding' | 'Added' | 'Verified' | 'Unverified' = 'adding';
  end: 'Registered' | 'Removed' | 'Rejected' | null = null;
  retryAt: number | null = null;
  failures: Partial<Record<LifeCall, number>> = {};
  addedAt: number | null = null;
  everVerified = false;
  asked: { code: boolean; removal: boolean };

  inRound = false;
  again = false;
  /** Meta could not send the code by one method. */
  notSent = false;
  sentAt: number | null = null;
  withMeta: string | null = null;
  held: string[] = [];
  wrong: string[] = [];
  accepted: string | null = null;
  /** What came was no code: another one is asked for then. */
  askAt: number | null = null;
  /** … before Meta had answered the request. */
  gotText = false;
  codesSent: number[] = [];
  /** Meta would not check the code before then. */
  uncheckedUntil: number | null = null;

  business: 'verified' | 'lapsed' = 'verified';
  claiming: { wabaId: string; customerId: string | null } | null = null;
  /** Claims that were reported and not shown; the one that is looked for stands first. */
  reports: Report[] = [];
  looking = false;
  /** How the life ends once nobody is said to have the number. */
  endsAs: 'Removed' | 'Rejected' | null = null;
  /** … after somebody has taken it out of the pool. */
  leaving = false;
  registerBy = 0;
  registrations: number[] = [];
  /** Meta has said so. */
  registerNotBefore = -Infinity;
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
  /** Meta's pool did not have it when Meta last answered. */
  gone = false;

  constructor(
    readonly rules: Rules,
    public at: number,
  ) {
    this.asked = { code: rules.automation.requestCode, removal: false };
  }

  get state(): string {
    if (this.end) return this.end;
    if (this.claim) return 'Claimed';
    if (this.pool === 'adding' || (this.endsAs && !this.leaving)) return 'Added';
    return this.inRound && this.pool !== 'Verified' ? 'CodeRequested' : this.pool;
  }

  get phase(): string {
    if (this.end) return '';
    if (this.leaving) return 'leaving';
    if (this.endsAs && !this.claim) return this.endsAs === 'Removed' ? 'overdue' : 'refused';
    if (this.call === 'removeNumber') return 'removing';
    if (this.inRound) return this.claim || this.pool !== 'Verified' ? this.step : `renewing.${this.step}`;
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

  /** It lapsed, or its claim did. */
  get needsCode() {
    return this.deadline === null && (this.claim !== null || this.everVerified);
  }

  get late() {
    return this.at >= (this.deadline ?? Infinity);
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

  /** Somebody else is said to have taken it. */
  reportedForAnother(customerId: string | undefined) {
    return this.reports.some((report) => report.customerId === null || report.customerId !== customerId);
  }

  heldByAnother(customerId: string | undefined) {
    return this.reservation !== null && this.reservation.customerId !== customerId;
  }
}
