import { invalidParameter } from '../graph-error';
import { digitsOf, inOtherForm, type PhoneNumber } from '../phone-number';
import { BusinessPhoneNumber, type PhoneNumberOrigin } from './business-phone-number';
import { shareWaba } from './customers';
import type { Meta } from './meta';
import type { PreverifiedNumber } from './preverified-number';
import type { Waba } from './waba';

/**
 * Replaces the pre-verified number by a business phone number on the WABA (rule 4). One that was verified has 90 days
 * from now to be registered; one that was not must be verified first.
 */
export function claim(
  meta: Meta,
  preverified: PreverifiedNumber,
  waba: Waba,
  verifiedName: string,
): BusinessPhoneNumber {
  const now = meta.clock.now();
  const verifiedAt = preverified.isVerified(now) ? now : null;
  const { number, id: preverifiedId } = preverified;
  const phone = place(meta, {
    number,
    wabaId: waba.id,
    verifiedName,
    preverifiedId,
    verifiedAt,
    since: now,
  });
  preverified.left = { at: now, by: 'claim', phoneNumberId: phone.id };
  shareWaba(meta, waba, preverified.portfolioId);
  return phone;
}

/** Puts a number of the customer's own on the WABA: not verified, and out of no pool. */
export function addToWaba(
  meta: Meta,
  number: PhoneNumber,
  waba: Waba,
  verifiedName: string,
): BusinessPhoneNumber {
  if (meta.onAnyWaba(number.digits)) {
    throw invalidParameter('The phone number is in use on a WhatsApp Business Account');
  }
  if (meta.inAnyPool(number.digits)) {
    throw invalidParameter('The phone number is pre-verified: preverified_id is required');
  }
  const since = meta.clock.now();
  const wabaId = waba.id;
  return place(meta, { number, wabaId, verifiedName, preverifiedId: null, verifiedAt: null, since });
}

/** The claim without the signup screen must name the number that the pre-verified ID stands for. */
export function checkSameNumber(preverified: PreverifiedNumber, dialCode: string, phoneNumber: string): void {
  const forms = [preverified.number, inOtherForm(preverified.number)].map(({ digits }) => digits);
  const named = digitsOf(phoneNumber);
  if (!forms.includes(digitsOf(dialCode) + named) && !forms.includes(named)) {
    throw invalidParameter('The phone number is not the one of preverified_id');
  }
}

function place(meta: Meta, origin: PhoneNumberOrigin): BusinessPhoneNumber {
  const phone = new BusinessPhoneNumber(origin, meta.newId(), meta.nextSequence(), meta.policy);
  meta.keepPhoneNumber(phone);
  return phone;
}
