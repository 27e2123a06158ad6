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

/** Countries that write one number in two ways, with a digit more or less: without it, and with it. */
const twoForms: { without: RegExp; with: RegExp; digit: string }[] = [
  // Mexico: +52 1 before mobile numbers, until 2019.
  { without: /^(52)(\d{10})$/, with: /^(52)1(\d{10})$/, digit: '1' },
  // Argentina: +54 9 before mobile numbers.
  { without: /^(54)(\d{10})$/, with: /^(54)9(\d{10})$/, digit: '9' },
  // Brazil: the ninth digit of mobile numbers. A landline with a 9 before it would be another number.
  { without: /^(55\d\d)([6-9]\d{7})$/, with: /^(55\d\d)9([6-9]\d{7})$/, digit: '9' },
];

/**
 * The digits by which a number is compared: the same for both forms in which Mexico, Argentina and Brazil write it. Meta
 * and carriers show the other form than the one that was added (docs/rules.md, Calls).
 */
export function canonicalDigits(digits: string): string {
  const forms = twoForms.find((country) => country.with.test(digits));
  return forms ? digits.replace(forms.with, '$1$2') : digits;
}

/** The digits as they are given, and in the other form where the country has one. */
export function writtenForms(digits: string): string[] {
  const canonical = canonicalDigits(digits);
  const forms = twoForms.find(({ without }) => without.test(canonical));
  if (!forms) return [digits];
  const long = canonical.replace(
    forms.without,
    (_, before: string, after: string) => before + forms.digit + after,
  );
  return digits === canonical ? [digits, long] : [digits, canonical];
}
