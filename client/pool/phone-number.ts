import { readPhoneNumber, type PhoneNumber } from '../../contract/phone-number';
import { RefusedError } from './refused-error';

/** @throws {RefusedError} `InvalidMessage` for what is no phone number */
export function phoneNumber(text: string): PhoneNumber {
  const number = typeof text === 'string' ? readPhoneNumber(text) : null;
  if (number) return number;
  throw new RefusedError(
    'InvalidMessage',
    `${shown(text)} is not a phone number: give it with its country code, such as +15550783881.`,
    shown(text),
  );
}

/** What was given in the place of a number, fit for a sentence. */
export function shown(text: unknown): string {
  const value = String(text).replace(/\s+/g, ' ').trim();
  return value === '' ? '(nothing)' : value.length > 40 ? `${value.slice(0, 39)}…` : value;
}
