import parse, { validatePhoneNumberLength, type PhoneNumber as Parsed } from 'libphonenumber-js/min';
import { plainText } from './plain-text';

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
 * Reads a phone number as people, spreadsheets and carriers write it: with `+` or `00`, blanks, hyphens, brackets, as a
 * link, as a decimal, with characters that are not seen. Without either it is read only where the country cannot be
 * another one than it says. With `+` it accepts what is *possible* as E.164, for Meta is the judge of what exists.
 *
 * @returns `null` for everything else; `phoneNumberFault` says why
 */
export function readPhoneNumber(text: string): PhoneNumber | null {
  const read = readOrFault(text);
  return typeof read === 'string' ? null : read;
}

/** What is wrong with a text that is no phone number, and what to write instead; `null` for one that is. */
export function phoneNumberFault(text: string): string | null {
  const read = readOrFault(text);
  return typeof read === 'string' ? read : null;
}

/**
 * Reads the digits of a number, country code first, as this system and carriers hand them on. Not for what people write:
 * `2025550147` may be a number of Egypt, or one of Washington without its country code.
 */
export function readDigits(digits: string): PhoneNumber | null {
  const number = /^\d{5,15}$/.test(digits) ? parse(`+${digits}`) : undefined;
  if (number?.isPossible()) return numberOf(digits, number);
  const without = withoutMexicanOne(digits);
  return without === null ? null : readDigits(without);
}

/** A number as people write it, or else in the digits that the pool itself gives. */
export const readWrittenOrDigits = (text: string): PhoneNumber | null =>
  readPhoneNumber(text) ?? readDigits(text);

/** Where a number has two written forms: what stands before and behind the digit that only one of them has. */
const twoForms: readonly { parts: RegExp; digit: string }[] = [
  // Mexico had a 1 before mobile numbers until 2019.
  { parts: /^(52)1?([2-9]\d{9})$/, digit: '1' },
  // Argentina has a 9 before mobile numbers, for callers from abroad.
  { parts: /^(54)9?([1-8]\d{9})$/, digit: '9' },
  // Brazil has put a ninth digit before mobile numbers, which had eight and began with 6 to 9.
  { parts: /^(55\d\d)9?([6-9]\d{7})$/, digit: '9' },
];

/** Every written form of a number, in digits, the given one first: under any of them it may live in the pool. */
export function writtenForms(digits: string): readonly string[] {
  for (const { parts, digit } of twoForms) {
    const [, before, behind] = parts.exec(digits) ?? [];
    if (before === undefined || behind === undefined) continue;
    const [short, long] = [before + behind, before + digit + behind];
    return digits === short ? [short, long] : [long, short];
  }
  return [digits];
}

/**
 * One key for every written form of a number, in digits: Meta and carriers may show another form than the one that was
 * added. It is for comparing only: nobody may be reached under it.
 */
export const canonicalDigits = (digits: string): string =>
  writtenForms(digits).reduce((one, other) => (other.length < one.length ? other : one));

/** Whether two texts, as Meta, carriers and this system write numbers with their country code, are one number. */
export const sameNumber = (one: string, other: string): boolean =>
  canonicalDigits(digitsOf(one)) === canonicalDigits(digitsOf(other));

const withCountryCode = 'give it with its country code, such as +15550783881';

function readOrFault(text: string): PhoneNumber | string {
  if (text.length > 200) return `it is too long; ${withCountryCode}`;
  const written = withoutWrapping(text);
  const fault = faultOfCharacters(written);
  if (fault !== null) return fault;
  const whole = withoutDecimals(written);
  if (whole === null) {
    return 'it is a decimal number, as spreadsheets make of one; format its column as text and write it anew, such as +15550783881';
  }
  if (whole.includes(',')) return 'there is a comma in it; give one number, such as +15550783881';
  const international = /^\(?(?:\+|00)[ (]*/.exec(whole);
  return international ? readInternational(whole.slice(international[0].length)) : readBare(whole);
}

/** The text without what an address book, a link, a chat or a spreadsheet puts around a number. */
const withoutWrapping = (text: string) =>
  withoutLink(
    plainText(text)
      .replace(/[\p{Pd}\u2212]/gu, '-')
      .replace(/\s+/g, ' ')
      .replace(
        /^(?:[ ='"`‘’“”<[{]|\p{RI}|\p{Emoji_Presentation})+|(?:[ '"`‘’“”.,;>\]}]|\p{RI}|\p{Emoji_Presentation})+$/gu,
        '',
      ),
  )
    // A label: "Phone: +1…", "US +1…", "+1… (mobile)"; without the plus it would be anybody's guess where it ends.
    .replace(/^\p{L}[\p{L} ]{0,18}[:.]? ?(?=\(?\+\d)/u, '')
    .replace(/^(\+.*\d) \(\p{L}[\p{L} ]{0,18}\)$/u, '$1');

/** Links and addresses of chats hold the whole number, country code first, without a plus. */
function withoutLink(written: string): string {
  const [, digits] =
    /^(?:https?:\/\/)?(?:www\.)?(?:wa\.me\/|(?:api|web|chat)\.whatsapp\.com\/send\/?\?(?:[^#]*&)?phone=)(?:\+|%2B)?(\d{7,15})(?:[/?&#].*)?$/i.exec(
      written,
    ) ??
    /^whatsapp:\/\/send\/?\?(?:[^#]*&)?phone=(?:\+|%2B)?(\d{7,15})(?:&.*)?$/i.exec(written) ??
    /^(?:sips?:)?\+?(\d{7,15})@[a-z\d.-]+$/i.exec(written) ??
    [];
  if (digits !== undefined) return `+${digits}`;
  return written
    .replace(/^(?:tel|callto|smsto|sms|whatsapp|sip): ?/i, '')
    .replace(/^(\+[\d ().-]+)\?body=.*$/i, '$1');
}

function faultOfCharacters(written: string): string | null {
  if (written === '') return `nothing is written; ${withCountryCode}`;
  if (/^\+?\d+(?:[.,]\d+)?e[+-]?\d+$/i.test(written)) {
    return 'it is in scientific notation, in which spreadsheets lose digits; format the column as text and write the number anew';
  }
  if (/\+.*\+/.test(written))
    return 'it has two plus signs; give one number, with one + before its country code';
  if (/\d *(?:[;#]|(?:;? ?(?:ext|extension)\b)|x) *[.:=]? *\d{1,7}$/i.test(written)) {
    return 'an extension cannot be verified; give the number without it';
  }
  const [other] = /[^\d +().,/-]/u.exec(written) ?? [];
  if (other !== undefined) return `there ${named(other)} in it; ${withCountryCode}`;
  if (/\d.*\+/.test(written))
    return 'its + is not at the beginning; begin with + and the country code, such as +15550783881';
  return null;
}

function named(character: string): string {
  if (/\p{L}/u.test(character)) return 'are letters';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{P}\p{S}]/u.test(character)
    ? `is "${character}"`
    : `is the character ${code}, which cannot be seen,`;
}

/** A spreadsheet's `15550783906.0` without its decimals, `null` where they are of no number. */
function withoutDecimals(written: string): string | null {
  const [, whole, decimals] = /^(\+?\d{5,})[.,](\d+)$/.exec(written) ?? [];
  if (whole === undefined || decimals === undefined) return written;
  if (/^0+$/.test(decimals) && (decimals.length < 3 || !whole.startsWith('+'))) return whole;
  return decimals.length < 3 ? null : written;
}

function readInternational(written: string): PhoneNumber | string {
  if (written.startsWith('0'))
    return 'no country code begins with 0; begin with one + and the country code, such as +15550783881';
  // Of two numbers that differ in their last digits the second is written so: 901827/28.
  if (/\d\/ ?\d{1,3}$/.test(written)) return `it is two numbers in one; ${withCountryCode}`;
  const digits = digitsOf(written);
  if (!/^\d{1,3}[ )]*\( ?0 ?\)/.test(written)) return readByPlan(digits);
  // Dialled inside the country only, except where the number itself begins with it, as in Italy.
  const number = parse(`+${digits}`);
  const isPart = number?.isValid() === true && number.number === `+${digits}`;
  return readByPlan(isPart ? digits : digitsOf(written.replace(/\( ?0 ?\)/, '')));
}

/** The number without the 0 that is dialled inside the country only, where its country has one. */
function readByPlan(digits: string): PhoneNumber | string {
  const number = parse(`+${digits}`);
  if (!number?.isPossible()) {
    const without = withoutMexicanOne(digits);
    return without === null ? faultOfLength(digits) : readByPlan(without);
  }
  const read = numberOf(number.number.slice(1), number);
  const isTrunk = digits[read.countryCode.length] === '0';
  if (read.digits === digits && (!isTrunk || number.isValid())) return read;
  if (isTrunk && !number.isValid())
    return `the 0 behind +${read.countryCode} is of no number there; write it without the 0`;
  return number.isValid() && read.countryCode !== '1'
    ? read
    : `it has a digit too many behind +${read.countryCode}; write the country code once`;
}

/** Only where it cannot be meant for another country: people leave out their own country's code. */
function readBare(written: string): PhoneNumber | string {
  const digits = digitsOf(written);
  const number = parse(`+${digits}`) ?? null;
  const without = withoutMexicanOne(digits);
  const isMexican = without !== null && parse(`+${without}`)?.isValid() === true;
  const isCertain = isMexican || (number !== null && isInternational(written, digits, number));
  if (isCertain) return readByPlan(digits);
  if (/^\(?0/.test(written)) {
    return 'it begins with 0, which is dialled inside one country only; write + and the country code in its place, as +44 7700 900461 for 07700 900461';
  }
  if (digits.length < 7 || digits.length > 15) return faultOfLength(digits);
  return northAmerican.test(digits)
    ? `its country code is missing; write +1${digits} if it is of North America, else + and the country code before it`
    : 'it does not say for certain which country it is of; begin with + and the country code, such as +15550783881';
}

const northAmerican = /^[2-9]\d{2}[2-9]\d{6}$/;

function isInternational(written: string, digits: string, number: Parsed): boolean {
  const code = number.countryCallingCode;
  // The numbers of Meta's own examples are in nobody's plan: +1 555 078 3881. Others' last seven digits begin with 2 to 9,
  // while a mobile number of China, written without its country code, may read 138 0013 8000.
  const isInPlan = code === '1' ? /^1(?:555\d|[2-9]\d\d[2-9])\d{6}$/.test(digits) : number.isValid();
  const isGroupedByCode = /^\d+$/.test(written) || new RegExp(`^${code}(?!\\d)`).test(written);
  // Of nine digits most are somebody's own, and of ten those in the form of North America's.
  const isNational = digits.length < 10 || northAmerican.test(digits) || /^\d\d \d{4,5}-\d{4}$/.test(written);
  return isInPlan && number.number === `+${digits}` && isGroupedByCode && !isNational;
}

const digitsOf = (written: string) => written.replace(/\D/g, '');

function numberOf(digits: string, number: Parsed): PhoneNumber {
  return {
    digits,
    e164: `+${digits}`,
    country: number.country ?? number.getPossibleCountries()[0] ?? 'ZZ',
    countryCode: number.countryCallingCode,
    nationalNumber: digits.slice(number.countryCallingCode.length),
  };
}

/** Mexico's mobile numbers had a 1 behind the country code until 2019; Meta still shows it. */
const withoutMexicanOne = (digits: string) => (/^521\d{10}$/.test(digits) ? `52${digits.slice(3)}` : null);

function faultOfLength(digits: string): string {
  switch (validatePhoneNumberLength(`+${digits}`)) {
    case 'INVALID_COUNTRY':
      return 'no country has the code that it begins with; begin with + and the country code, such as +15550783881';
    case 'TOO_LONG':
      return `it has too many digits; ${withCountryCode}`;
    default:
      return `it has too few digits; ${withCountryCode}`;
  }
}
