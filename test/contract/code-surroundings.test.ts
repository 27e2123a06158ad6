import fc from 'fast-check';
import { readCode, withinLength } from '../../contract/code';
import { joined, mayBePart, withoutFigures } from '../../contract/code-parts';

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const appHash = fc
  .string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('')),
    minLength: 11,
    maxLength: 11,
  })
  .filter((hash) => /[a-z]/.test(hash) && /[A-Z\d]/.test(hash));

const english = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const dash = oneOf('-', '\u2010', '\u2011', '–', '—', '\u2212', '\uFF0D', '\u00AD', '\uFE63');
const blank = oneOf(' ', '\u00A0', '\u202F', '\u2009');
const mark = oneOf('', '', '\u200E', '\u200F', '\u200B', '\u2060', '\u2066', '\uFEFF');

/** A code and how it is written: with dash, in a row, with a blank, one by one, in groups, spelled. */
const written = fc.record({ code: digits(6), dash, blank, mark }).map((one) => {
  const [first, last] = [one.code.slice(0, 3), one.code.slice(3)];
  return {
    code: one.code,
    threes: one.mark + first + one.mark + one.dash + one.mark + last + one.mark,
    six: one.mark + one.code + one.mark,
    apart: one.mark + first + one.blank + last,
  };
});
const spoken = fc
  .record({ code: digits(6), between: oneOf(' ', ', ', '-', ' - ', '. ') })
  .map(({ code, between }) => ({
    code,
    singles: code.split('').join(between),
    spelled: code
      .split('')
      .map((digit) => english[Number(digit)])
      .join(between === '. ' ? ' ' : between),
    groups: `${code.slice(0, 4)} ${code.slice(4)}`,
  }));

const phone = fc.oneof(
  digits(12).map((all) => `+${all}`),
  digits(8).map((all) => `+44 77${all.slice(0, 2)} ${all.slice(2)}`),
  digits(8).map((all) => `020 ${all.slice(0, 4)} ${all.slice(4)}`),
);
const pair = fc.integer({ min: 10, max: 28 }).map(String);
const day = fc.oneof(
  pair.map((two) => `2027-03-${two}`),
  pair.map((two) => `${two}.03.2027`),
  pair.map((two) => `${two}/03/27`),
);

/** What stands before and behind the code and keeps nobody from seeing it. */
const clearBefore = fc.oneof(
  oneOf(
    '',
    'WhatsApp code ',
    'Your WhatsApp code: ',
    '<#> code ',
    '# WhatsApp code ',
    'code:-',
    'رمزك ',
    '验证码',
  ),
  phone.map((from) => `${from}: WhatsApp code `),
  phone.map((from) => `Fwd ${from}: code `),
  day.map((on) => `${on} 08:41 WhatsApp code `),
  oneOf('(1/2) ', '1/2 code ', 'Valid 10 min: ', '3 new messages: '),
);
const clearBehind = fc.oneof(
  oneOf('', '.', ' is your code', '\n10 minutes', ', 24 h', ' - 15 min', ' 2/2', ' (2/2)', '\n2', '\n1 of 2'),
  oneOf('—keep it to yourself', '- keep it', ' to log in', ' for you, and for one device'),
  appHash.map((hash) => `\n${hash}`),
  appHash.map((hash) => ` ${hash}`),
  appHash.map((hash) => `\r\n\r\nKeep it to yourself\r\n${hash}\r\n`),
  phone.map((to) => `, or call ${to}`),
);
/** What may make it unreadable, and must not be taken for it. */
const unclearBefore = fc.oneof(
  digits(6).map((sender) => `From: ${sender} Text: code `),
  digits(6).map((sender) => `${sender}: `),
  digits(6).map((other) => `#${other} `),
  digits(3).map((area) => `(${area}) `),
  fc.integer({ min: 1, max: 9999 }).map((number) => `${String(number)} `),
  digits(1).map((all) => `${all}, `),
  digits(6).map((amount) => `${amount.slice(0, 3)},${amount.slice(3)} `),
  digits(6).map((amount) => `EUR ${amount}. `),
  digits(7).map((order) => `Order DX-${order.slice(1)}-${order.slice(0, 1)} `),
  phone.map((from) => `${from} `),
  oneOf('x', '€', '#', '+'),
);
const unclearBehind = fc.oneof(
  digits(6).map((other) => `\n${other}`),
  digits(6).map((other) => ` Call ${other}`),
  digits(6).map((other) => ` (${other})`),
  digits(3).map((all) => ` ${all}`),
  digits(2).map((all) => ` ${all}`),
  digits(1).map((all) => ` ${all}`),
  digits(2).map((all) => `, ${all}`),
  digits(2).map((all) => `.${all}`),
  digits(1).map((all) => `-${all}`),
  digits(4).map((year) => `. ${year}`),
  oneOf('%', ' €', ' EUR', '#', '_', '/1', '@', ',-'),
);

test('a code is found among hashes, minutes, parts, dates and senders, marks and any dash', () => {
  fc.assert(
    fc.property(written, clearBefore, clearBehind, ({ code, threes, six, apart }, before, behind) => {
      for (const text of [threes, six, apart]) expect(readCode(before + text + behind)).toBe(code);
    }),
    { numRuns: 1000 },
  );
});

test('a hash that is glued to it is no part of it', () => {
  fc.assert(
    fc.property(written, appHash, ({ code, threes, six, apart }, hash) => {
      for (const text of [threes, six, apart]) expect(readCode(`WhatsApp code ${text}${hash}`)).toBe(code);
    }),
    { numRuns: 1000 },
  );
});

test('a code is found as transcripts write it, said once or three times', () => {
  fc.assert(
    fc.property(spoken, fc.integer({ min: 1, max: 3 }), ({ code, singles, spelled, groups }, times) => {
      for (const said of [singles, spelled, groups]) {
        expect(readCode(`Verification code is ${said}. `.repeat(times))).toBe(code);
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever surrounds a code, it is found, or nothing is', () => {
  const sides = fc.tuple(fc.oneof(clearBefore, unclearBefore), fc.oneof(clearBehind, unclearBehind));
  const isRightOrNone = (text: string, code: string) => [code, null].includes(readCode(text));
  fc.assert(
    fc.property(
      written,
      spoken,
      sides,
      (sms, call, [before, behind]) =>
        [sms.threes, sms.six, sms.apart].every((text) => isRightOrNone(before + text + behind, sms.code)) &&
        [call.singles, call.groups, call.spelled].every(
          (said) =>
            isRightOrNone(`${before} ${said} ${behind}`, call.code) &&
            isRightOrNone(`code is ${said}${behind}`, call.code),
        ),
    ),
    { numRuns: 2000 },
  );
});

test('what is cut off or has a digit too many is no code', () => {
  fc.assert(
    fc.property(
      fc.oneof(digits(5), digits(7), digits(8)),
      fc.constantFrom(' ', ', ', '-', ''),
      (all, between) => {
        expect(readCode(`Verification code is ${all.split('').join(between)}.`)).toBeNull();
        expect(
          readCode(
            `code is ${all
              .split('')
              .map((digit) => english[Number(digit)])
              .join(' ')}`,
          ),
        ).toBeNull();
      },
    ),
    { numRuns: 500 },
  );
});

test('a code is found where a gateway left the text encoded', () => {
  const encodings: ((text: string) => string)[] = [
    (text) => encodeURIComponent(text),
    (text) => new URLSearchParams({ text }).toString().slice('text='.length),
    (text) => text.replace(/[^\w ]/gu, (character) => `&#${String(character.codePointAt(0))};`),
    (text) => text.replace(/[^\w ]/gu, (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`),
    (text) => text.replaceAll(' ', '&nbsp;'),
  ];
  fc.assert(
    fc.property(written, fc.constantFrom(...encodings), ({ code, threes }, encode) => {
      expect(readCode(encode(`Your WhatsApp code: ${threes}. Do not share it`))).toBe(code);
    }),
    { numRuns: 1000 },
  );
});

test('a word before the last digit that is said is no part of the code', () => {
  fc.assert(
    fc.property(digits(6), oneOf('and', 'y', 'und', 'og'), oneOf(' ', ', '), (code, word, between) => {
      const [last, ...others] = code.split('').reverse();
      const said = `${others.reverse().join(between)}${between}${word} ${String(last)}`;
      expect(readCode(`Verification code is ${said}.`)).toBe(code);
    }),
  );
});

test('a message that is cut in two anywhere is put together, or is not; never to another code', () => {
  const message = fc.tuple(digits(6), clearBefore, clearBehind).map(([code, before, behind]) => ({
    code,
    text: `${before}${code.slice(0, 3)}-${code.slice(3)}${behind}`,
  }));
  fc.assert(
    fc.property(
      message,
      fc.nat(),
      fc.boolean(),
      fc.boolean(),
      ({ code, text }, at, isCounted, isReversed) => {
        const cut = at % (text.length + 1);
        const parts = [text.slice(0, cut), text.slice(cut)].map((part, index) =>
          isCounted ? `(${String(index + 1)}/2) ${part}` : part,
        );
        const [first = '', second = ''] = isReversed ? parts.reverse() : parts;
        const whole = joined(first, second);
        if (whole !== null) expect(readCode(whole)).toBe(code);
        if (!mayBePart(first) || !mayBePart(second)) return;
        const within = text.indexOf(`${code.slice(0, 3)}-`);
        // Inside the code, where nothing else ends in digits beside it.
        if (
          cut > within &&
          cut < within + 7 &&
          /[a-z:] $/i.test(text.slice(0, within)) &&
          /^\D*$/.test(text.slice(within + 7))
        )
          expect(whole && readCode(whole)).toBe(code);
      },
    ),
    { numRuns: 3000 },
  );
});

test('two messages with a code each are never put together', () => {
  fc.assert(
    fc.property(written, written, (one, other) => {
      const texts = [`WhatsApp code ${one.threes}`, `${other.six} is your code`] as const;
      for (const text of texts) expect(mayBePart(text)).toBe(false);
      const whole = joined(...texts);
      expect(whole === null || [one.code, other.code].includes(String(readCode(whole)))).toBe(true);
    }),
  );
});

test('a text of any length reads the same when it is shortened', () => {
  const filler = oneOf(
    'Please hold the line. ',
    'one moment ',
    'Verification code is ',
    '1 2 3 4 5 6. ',
    '7 ',
    'double ',
  );
  fc.assert(
    fc.property(fc.array(filler, { maxLength: 200 }), fc.integer({ min: 10, max: 300 }), (parts, length) => {
      const text = parts.join('');
      const short = withinLength(text, length);
      expect(short.length).toBeLessThanOrEqual(Math.max(length, 6));
      expect(readCode(short)).toBe(readCode(text));
    }),
    { numRuns: 500 },
  );
});

test('what is shown of a text has no digit in it, nor words that are several', () => {
  fc.assert(
    fc.property(written, spoken, clearBefore, clearBehind, (sms, call, before, behind) => {
      for (const said of [sms.threes, call.singles, call.spelled])
        expect(withoutFigures(before + said + behind)).not.toMatch(
          /\p{Nd}|(?:zero|one|two|three|four) (?:five|six|seven)/u,
        );
    }),
  );
});
