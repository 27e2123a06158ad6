import parse from 'libphonenumber-js/min';

export interface PhoneNumber {
  /** `15550783881`: numbers are compared by these and nothing else. */
  digits: string;
  /** `1` */
  dialCode: string;
  /** `+1 555-078-3881`, as Meta displays numbers */
  international: string;
}

/** Reads what is possible as E.164, with or without `+` and separators; `null` for the rest. */
export function readPhoneNumber(text: string): PhoneNumber | null {
  const digits = digitsOf(text);
  const number = /^[\d\s()+./-]{5,40}$/.test(text) && digits.length <= 15 ? parse(`+${digits}`) : undefined;
  if (!number?.isPossible()) return null;
  return {
    digits,
    dialCode: number.countryCallingCode,
    international: display(number.formatInternational()),
  };
}

/** Mexico with or without the 1, Argentina with or without the 9, Brazil's mobile numbers with or without the ninth digit. */
const otherForms: [RegExp, string][] = [
  [/^521(\d{10})$/, '52$1'],
  [/^52(\d{10})$/, '521$1'],
  [/^549(\d{10})$/, '54$1'],
  [/^54(\d{10})$/, '549$1'],
  [/^(55\d\d)9([6-9]\d{7})$/, '$1$2'],
  [/^(55\d\d)([6-9]\d{7})$/, '$19$2'],
];

/** The number as its country writes it too; the number itself where there is one form. */
export function inOtherForm(number: PhoneNumber): PhoneNumber {
  const form = otherForms.find(([pattern]) => pattern.test(number.digits));
  if (form === undefined) return number;
  const digits = number.digits.replace(...form);
  const { dialCode } = number;
  return { digits, dialCode, international: `+${dialCode} ${digits.slice(dialCode.length)}` };
}

export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** North American groups are joined by hyphens. */
const display = (text: string): string => text.replace(/^\+1 (\d{3}) (\d{3}) (\d{4})$/, '+1 $1-$2-$3');
