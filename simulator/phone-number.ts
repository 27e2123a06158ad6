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

export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** North American groups are joined by hyphens. */
const display = (text: string): string => text.replace(/^\+1 (\d{3}) (\d{3}) (\d{4})$/, '+1 $1-$2-$3');
