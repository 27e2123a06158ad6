import { invalidParameter } from '../graph-error';
import { inOtherForm, readPhoneNumber } from '../phone-number';
import type { Business } from './business';
import type { Meta } from './meta';
import { PreverifiedNumber } from './preverified-number';

/** Puts a number into the portfolio's pool; 90 days to verify it begin. */
export function addPhoneNumber(meta: Meta, portfolio: Business, text: string): PreverifiedNumber {
  const named = readPhoneNumber(text);
  if (named === null) throw invalidParameter('phone_number is not a valid phone number');
  const number = meta.assumptions.nationalForm === 'other' ? inOtherForm(named) : named;
  const present = meta.inAnyPool(number.digits);
  if (present?.portfolioId === portfolio.id) {
    if (meta.assumptions.addingAgain === 'sameId') return present;
    throw invalidParameter('The phone number is in your pool already');
  }
  if (present !== undefined) throw invalidParameter("The phone number is in another business's pool");
  if (meta.onAnyWaba(number.digits)) throw invalidParameter('The phone number is in use on a WABA');
  const { clock, policy } = meta;
  const added = new PreverifiedNumber(
    meta.newId(),
    number,
    portfolio.id,
    clock.now(),
    meta.nextSequence(),
    policy,
  );
  meta.keepPreverified(added);
  return added;
}

/** What the portfolio's list shows: its own pool, and what others share with it. */
export function listPool(meta: Meta, portfolio: Business): PreverifiedNumber[] {
  const now = meta.clock.now();
  const shared = meta.assumptions.partnersListSharedNumbers ? portfolio.sharedNumbers : [];
  return [...portfolio.pool, ...shared].filter((number) => number.isInPool(now));
}

export function deletePreverifiedNumber(meta: Meta, number: PreverifiedNumber): void {
  number.left = { at: meta.clock.now(), by: 'delete' };
}
