import parse from 'libphonenumber-js/min';

export interface PhoneNumber {
  /** Digits only, country code first: `15550783881`. Numbers are compared by these and nothing else. */
  digits: string;
  /** `+15550783881` */
  e164: string;
  /** ISO 3166 alpha-2; the calling code's main country where the number itself does not tell, `ZZ` where no country has it. */
  country: string;
  /** `1` of `15550783881` */
  countryCode: string;
  /** `5550783881` of `15550783881` */
  nationalNumber: string;
}

/**
 * Reads a phone number with its country code, with or without `+`, spaces, hyphens and brackets.
 * Accepts what is *possible* as E.164, for Meta is the judge of what exists; `null` for everything else.
 */
export function readPhoneNumber(text: string): PhoneNumber | null {
  if (!/^[\d\s()+./-]{5,40}$/.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  if (digits.length > 15) return null;
  const number = parse(`+${digits}`);
  if (!number?.isPossible()) return null;
  return {
    digits,
    e164: `+${digits}`,
    country: number.country ?? number.getPossibleCountries()[0] ?? 'ZZ',
    countryCode: number.countryCallingCode,
    nationalNumber: digits.slice(number.countryCallingCode.length),
  };
}
