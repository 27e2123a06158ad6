import { phoneNumberFault, readPhoneNumber, type PhoneNumber } from '../../contract/phone-number';
import { RefusedError } from './refused-error';

/** @throws {RefusedError} `InvalidMessage` for what is no phone number, saying why */
export function phoneNumber(text: string): PhoneNumber {
  const number = typeof text === 'string' ? readPhoneNumber(text) : null;
  if (number) return number;
  const fault =
    typeof text === 'string'
      ? phoneNumberFault(text)
      : 'it is no text; write it as one, such as +15550783881';
  throw new RefusedError(
    'InvalidMessage',
    `${shown(text)} is not a phone number: ${String(fault)}.`,
    shown(text),
  );
}

/** What was given in the place of a number, fit for a sentence. */
export function shown(text: unknown): string {
  const value = String(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim();
  return value === '' ? '(nothing)' : value.length > 40 ? `${value.slice(0, 39)}…` : value;
}
