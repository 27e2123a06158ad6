import type { Verification } from '../../contract/number-activities';
import type { PreverifiedId } from '../../contract/ids';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import type { Results } from '../../workflows/number/events';
import { NumberLife } from '../../workflows/number/number-life';
import { contextOf } from '../../workflows/number/number-record';
import { LifeWalk } from './life-walk';

export const DAY = 24 * 60 * 60 * 1000;
export const MINUTE = 60 * 1000;

/** A number's life by hand. */
export class Walk extends LifeWalk<{ [Name in MessageName]: MessagePayload<Name> }, Results> {
  readonly life: NumberLife;

  constructor(start: Partial<NumberStartInput> = {}) {
    super();
    const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634', ...start });
    if (!read.ok) throw new Error(read.fault);
    this.life = new NumberLife(read.start, undefined, this.time);
  }

  get context() {
    return contextOf(this.now);
  }
}

export const added = (
  verification: Verification = { verified: false, verifiedAt: null, expiresAt: null },
): Results['addNumber'] => ({
  preverifiedId: '106540352242922' as PreverifiedId,
  adopted: false,
  sharedWith: [],
  webhooks: false,
  verification,
  policyDay: DAY,
});

export const verifiedAt = (at: number, expiresAt: number | null = at + 90 * DAY) =>
  ({ outcome: 'verified', verification: { verified: true, verifiedAt: at, expiresAt } }) as const;

export const confirmed = (change: { verified?: boolean; registered?: boolean } = {}) =>
  ({
    found: true,
    phoneNumberId: '108692048990658' as Extract<Results['confirmClaim'], { found: true }>['phoneNumberId'],
    verified: true,
    registered: false,
    pin: '654321',
    ...change,
  }) as const;
