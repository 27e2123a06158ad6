import fc from 'fast-check';
import parse, { getCountries, getExampleNumber } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { readStart } from '../../contract/number-start';
import {
  canonicalDigits,
  phoneNumberFault,
  readDigits,
  readPhoneNumber,
  sameNumber,
  writtenForms,
} from '../../contract/phone-number';
import numbers from '../cases/numbers.json';

test.each(numbers)('as the world writes it, $text: $why', ({ text, digits, same }) => {
  const read = readPhoneNumber(text);
  expect([digits, same]).toContain(read?.digits ?? null);
  expect(phoneNumberFault(text) === null).toBe(read !== null);
});

describe('a phone number is what is possible as E.164, compared by digits', () => {
  test.each([
    ['15550783881', '15550783881', 'US'],
    ['+1 211-555-5105', '12115555105', 'US'],
    ['+49 30 901820', '4930901820', 'DE'],
    ['+44 (20) 7946 0958', '442079460958', 'GB'],
    ['(+44) 7700 900463', '447700900463', 'GB'],
    ['+44(0)7700900463', '447700900463', 'GB'],
    ['+34 (0)612 345 678', '34612345678', 'ES'],
    ['+7 8 (912) 345-67-89', '79123456789', 'RU'],
    ['+54 11 15 5012-3403', '5491150123403', 'AR'],
    ['="+15550783914"', '15550783914', 'US'],
    ['whatsapp:+15550783914', '15550783914', 'US'],
    ['4930901827,0', '4930901827', 'DE'],
    ['15550783906.000000', '15550783906', 'US'],
    ['٠٠٤٤٧٧٠٠٩٠٠٤٦٣', '447700900463', 'GB'],
  ])('%s', (text, digits, country) => {
    expect(readPhoneNumber(text)).toMatchObject({ digits, country });
  });

  test.each(['', 'abc', '123', '+1 555', '+999123456789', '1'.repeat(1_000_000), '15550783881; drop'])(
    'refuses %.20s',
    (text) => {
      expect(readPhoneNumber(text)).toBeNull();
    },
  );
});

describe('a refusal says what is wrong and what to write instead', () => {
  test.each([
    ['', /^nothing is written; give it with its country code, such as \+15550783881$/],
    ['202 555 0147', /country code is missing; write \+12025550147 if it is of North America/],
    ['07700 900461', /begins with 0, .* write \+ and the country code in its place/],
    ['(11) 96123-4512', /does not say for certain which country it is of; begin with \+/],
    ['15550783921.5', /is a decimal number, .* format its column as text/],
    ['1.55508E+10', /scientific notation, .* format the column as text/],
    ['+1+15550783916', /two plus signs; give one number/],
    ['447700900463+', /its \+ is not at the beginning/],
    ['+49 30 901827/28', /two numbers in one/],
    ['+49 30 901827, 28', /a comma in it; give one number/],
    ['+1 555 078 3919 ext. 5', /an extension cannot be verified; give the number without it/],
    ['+00493012345', /no country code begins with 0/],
    ['+999 123 456 789', /no country has the code/],
    ['+1 1 555 078 3904', /a digit too many behind \+1/],
    ['+44 0 99 9999 9999 0', /the 0 behind \+44|too many digits/],
    ['1-800-FLOWERS', /there are letters in it/],
    ['+1555€0783904', /there is "€" in it/],
    ['+1555\u00000783904', /there is the character U\+0000, which cannot be seen, in it/],
    ['\u200e12345\u200f', /too few digits/],
    ['1234567890123456', /too many digits/],
  ])('%j', (text, words) => {
    expect(phoneNumberFault(text)).toMatch(words);
  });
});

/** A number of any country, as its plan has it. */
const ofAnyCountry = fc
  .tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9999 }))
  .map(([country, end]) => {
    const example = getExampleNumber(country, examples)?.number ?? '';
    return parse(example.slice(0, -4) + String(end).padStart(4, '0'));
  })
  .filter((number) => number?.isValid() === true)
  .map((number) => number!);

test('every way to write a number with its country code is read as that number, and reading it again changes nothing', () => {
  fc.assert(
    fc.property(
      ofAnyCountry,
      fc.constantFrom(' ', '-', '.', '\u00A0', '\u2011', '–', '\u200B'),
      (number, between) => {
        const international = number.formatInternational();
        for (const text of [
          number.number,
          international.replaceAll(' ', between),
          `00${number.number.slice(1)}`,
          `00 ${international.slice(1)}`,
          number.getURI(),
          `\u202A${international}\u202C`,
          `'${number.number}`,
          `${number.number}.0`,
          international.replace(/^(\+\d+) /, '($1) '),
        ]) {
          const read = readPhoneNumber(text)!;
          expect([text, read.e164]).toEqual([text, number.number]);
          expect(readPhoneNumber(read.e164)).toEqual(read);
          expect(readDigits(read.digits)).toEqual(read);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a number as its own country writes it is never read as one of another country', () => {
  fc.assert(
    fc.property(ofAnyCountry, (number) => {
      const written = number.formatNational();
      // China's eleven digits are those of North America, where nothing stands between them.
      expect([written, readPhoneNumber(written)?.country]).toEqual([written, undefined]);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is written, what is read has the country code that stands first, and is read the same again', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'0123456789+ ()-./,'.split(''), '\u200E'),
    minLength: 7,
    maxLength: 22,
  });
  fc.assert(
    fc.property(text, (written) => {
      const read = readPhoneNumber(written);
      if (!read) return;
      const digits = written.replace(/\D/g, '').replace(/^00/, '');
      expect(digits.startsWith(read.countryCode)).toBe(true);
      expect(readPhoneNumber(read.e164)).toEqual(read);
    }),
    { numRuns: 20_000 },
  );
});

describe('a workflow reads its number from digits without plus, as histories hold them', () => {
  const start = (phoneNumber: string) => readStart({ phoneNumber, portfolioId: '506914307656634' });

  test.each(['15550783881', '9175550134', '6592345678', '3225550134', '2025550147', '3105550162'])(
    '%s',
    (digits) => {
      expect(start(digits)).toMatchObject({ ok: true, start: { phoneNumber: { digits } } });
    },
  );

  test('whatever was accepted with plus is accepted there', () => {
    fc.assert(
      fc.property(ofAnyCountry, ({ number }) => {
        const { digits } = readPhoneNumber(number)!;
        expect(start(digits)).toMatchObject({ ok: true, start: { phoneNumber: { digits } } });
      }),
    );
  });

  test('what people write is read there as everywhere', () => {
    expect(start('+44 (0) 20 7946 0871')).toMatchObject({
      start: { phoneNumber: { digits: '442079460871' } },
    });
    expect(start('(310) 555-0162')).toEqual({
      ok: false,
      fault: expect.stringMatching(
        /^phoneNumber is not possible as a phone number: its country code is missing/,
      ),
    });
  });
});

describe('a number with two written forms has one key', () => {
  const twice = numbers.flatMap(({ text, digits, same }) => (digits && same ? [{ text, digits, same }] : []));

  test.each(twice)('$text', ({ text, digits, same }) => {
    expect(canonicalDigits(same)).toBe(canonicalDigits(digits));
    expect(sameNumber(text, same)).toBe(true);
    expect(sameNumber(readPhoneNumber(text)!.digits, readPhoneNumber(`+${same}`)!.digits)).toBe(true);
    expect([...writtenForms(digits)].sort()).toEqual([digits, same].sort());
  });

  const others = numbers.flatMap(({ digits, notSame }) => (digits && notSame ? [{ digits, notSame }] : []));

  test.each(others)('and $digits is not $notSame', ({ digits, notSame }) => {
    expect(sameNumber(digits, notSame)).toBe(false);
  });

  test('the key of a key is the key, and forms have one key of one country', () => {
    fc.assert(
      fc.property(ofAnyCountry, ({ number }) => {
        const digits = number.slice(1);
        const forms = writtenForms(digits);
        expect(forms[0]).toBe(digits);
        expect(new Set(forms.map(canonicalDigits))).toEqual(new Set([canonicalDigits(digits)]));
        expect(canonicalDigits(canonicalDigits(digits))).toBe(canonicalDigits(digits));
        if (!/^(52|54|55)/.test(digits)) expect(forms).toEqual([digits]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what stands around a number changes nothing', () => {
  const around: ((digits: string) => string)[] = [
    (digits) => `https://wa.me/${digits}`,
    (digits) => `wa.me/+${digits}?text=hi`,
    (digits) => `https://api.whatsapp.com/send?phone=${digits}&text=hi`,
    (digits) => `https://api.whatsapp.com/send/?text=1&phone=%2B${digits}`,
    (digits) => `whatsapp://send?phone=${digits}`,
    (digits) => `${digits}@s.whatsapp.net`,
    (digits) => `sip:+${digits}@carrier.example`,
    (digits) => `sms:+${digits}?body=hi`,
    (digits) => `<+${digits}>`,
    (digits) => `[+${digits}]`,
    (digits) => `Phone: +${digits}`,
    (digits) => `Tel. +${digits}`,
    (digits) => `\u{1F1FA}\u{1F1F8} +${digits}`,
    (digits) => `+${digits} (mobile)`,
  ];

  test('in links, chats, labels and brackets it is the same', () => {
    fc.assert(
      fc.property(ofAnyCountry, fc.constantFrom(...around), ({ number }, write) => {
        const digits = readPhoneNumber(number)!.digits;
        expect(readPhoneNumber(write(digits))?.digits).toBe(digits);
      }),
      { numRuns: 2000 },
    );
  });

  test('reading is idempotent, and whatever is read keeps its digits but for a 0 that is dialled inside a country', () => {
    const piece = fc.constantFrom(
      '+',
      '00',
      '1',
      '44',
      '55',
      '0',
      '(0)',
      '12',
      '345',
      '678',
      '90',
      ' ',
      '-',
      '/',
      '.',
      ',',
      'a',
      'x',
      '@',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const read = readPhoneNumber(text);
        if (read === null) return;
        expect(readPhoneNumber(read.e164)).toEqual(read);
        const order = new RegExp(read.digits.split('').join('\\D*0?\\D*[19]?'));
        expect(text).toMatch(order);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([['13800138000'], ['138 0013 8000'], ['+1 800 FLOWERS'], ['call +15550783881 or +15550783882']])(
    '%s is not guessed at',
    (text) => {
      expect(readPhoneNumber(text)).toBeNull();
    },
  );
});
