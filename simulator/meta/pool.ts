import { GraphError } from '../graph-error';
import { readPhoneNumber } from '../phone-number';
import type { Business } from './business';
import type { Meta } from './meta';
import { PreverifiedNumber } from './preverified-number';

/** Puts a number into the portfolio's pool; 90 days to verify it begin. */
export function addPhoneNumber(meta: Meta, portfolio: Business, text: string): PreverifiedNumber {
  const number = readPhoneNumber(text);
  if (number === null) throw refused('phone_number is not a valid phone number');
  const present = meta.inAnyPool(number.digits);
  if (present?.portfolioId === portfolio.id) {
    if (meta.assumptions.addingAgain === 'sameId') return present;
    throw refused('The phone number is in your pool already');
  }
  if (present !== undefined) throw refused("The phone number is in another business's pool");
  if (meta.onAnyWaba(number.digits))
    throw refused('The phone number is in use on a WhatsApp Business Account');
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

/** What the portfolio's list shows, in creation order: its own pool, and what partners share with it. */
export function listPool(meta: Meta, portfolio: Business): PreverifiedNumber[] {
  const now = meta.clock.now();
  const own = portfolio.pool.filter((number) => number.isInPool(now));
  if (!meta.assumptions.partnersListSharedNumbers) return own;
  const shared = [...meta.preverifiedNumbers.values()].filter(
    (number) => number.sharedWith.has(portfolio.id) && number.isInPool(now),
  );
  return [...own, ...shared].sort((a, b) => a.sequence - b.sequence);
}

export function deletePreverifiedNumber(meta: Meta, number: PreverifiedNumber): void {
  number.left = { at: meta.clock.now(), by: 'delete' };
}

const refused = (why: string) => new GraphError('invalidParameter', `(#100) ${why}`);
