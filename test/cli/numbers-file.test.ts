import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readNumbersFile, type NumbersFile } from '../../cli/numbers-file';
import { readPhoneNumber } from '../../contract/phone-number';
import files from '../cases/files.json';

const folder = mkdtempSync(path.join(tmpdir(), 'preverified-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: string | Buffer): string {
  const file = path.join(folder, 'numbers.csv');
  writeFileSync(file, content);
  return file;
}

const lineOf = (from: string | null) => /line (\d+)$/.exec(from ?? '')?.[1] ?? '';

/** By line, as an editor counts: the digits, or `null` for what is reported. */
const byLine = ({ numbers, faults }: NumbersFile) =>
  Object.fromEntries([
    ...numbers.map(({ from, number }) => [lineOf(from), readPhoneNumber(number)?.digits ?? null]),
    ...faults.map(({ from }) => [lineOf(from), null]),
  ]);

const optionsByLine = ({ numbers }: NumbersFile) =>
  Object.fromEntries(
    numbers.flatMap(({ from, options }) =>
      Object.keys(options).length > 0 ? [[lineOf(from), options]] : [],
    ),
  );

test.each(files)('$file: $why', ({ file, lines, options, ignored, refused }) => {
  const read = () => readNumbersFile(path.resolve(__dirname, '../cases', file));
  if (refused) {
    expect(read).toThrow(/its first line must name the columns, one of them phone_number$/);
    return;
  }
  expect(byLine(read())).toEqual(lines);
  if (options) expect(optionsByLine(read())).toEqual(options);
  if (ignored) expect(read().ignored).toEqual(ignored);
});

describe('one bad row loses no other', () => {
  test.each([
    [
      'a quotation mark that is never closed',
      'phone_number,name\n+15550783951,"a\n+15550783952,b\n',
      { 2: null, 3: '15550783952' },
    ],
    [
      'two of them',
      'phone_number,name\n+15550783951,"a\n+15550783952,b\n+15550783953,"c\n+15550783954,d',
      { 2: null, 3: '15550783952', 4: null, 5: '15550783954' },
    ],
    [
      'text behind a quotation mark',
      'phone_number,name\n+15550783951,"a" b\n+15550783952,b',
      { 2: null, 3: '15550783952' },
    ],
    ['too many cells', 'phone_number,name\n+15550783951,a,b\n+15550783952,b', { 2: null, 3: '15550783952' }],
    ['a number that is none', 'phone_number\nn/a\n+15550783952', { 2: null, 3: '15550783952' }],
    [
      'while a cell may have several lines',
      'phone_number,name\n+15550783951,"first\nfloor"\n\n+15550783952,b',
      { 2: '15550783951', 5: '15550783952' },
    ],
    [
      'and separators at the end say nothing',
      'phone_number,,\n+15550783951,,\n+15550783952,,,,',
      { 2: '15550783951', 3: '15550783952' },
    ],
    ['and a formula may hold the number', 'phone_number;x\n="+15550783951";', { 2: '15550783951' }],
  ])('%s', (_what, content, lines) => {
    expect(byLine(readNumbersFile(written(content)))).toEqual(lines);
  });
});

describe('the number is the likeliest column that holds numbers', () => {
  test.each([
    ['Phone Number,E.164\n(555) 078-3951,+15550783951', ['phone number']],
    ['number,Phone\n7,+15550783951', ['number']],
    ['MSISDN;Number\n15550783951;1', ['number']],
    ['Phone Number (E.164)\tType\n+15550783951\tmobile', ['type']],
    ['Rufnummer;Ort\n+15550783951;Köln', ['ort']],
    ['PHONE NUMBER,LANGUAGE\n+15550783951,', []],
  ])('%j', (content, ignored) => {
    const read = readNumbersFile(written(content));
    expect(byLine(read)).toEqual({ 2: '15550783951' });
    expect(read.ignored).toEqual(ignored);
  });
});

test.each([
  ['nothing but blanks', ' \n\n', /is empty: its first line must name the columns/],
  ['no text', Buffer.from('504b0304140006000800000021000000', 'hex'), /is no text: save the table as CSV/],
  ['another table', 'name,city\na,b', /has no column phone_number/],
])('a file with %s is refused as a whole', (_what, content, words) => {
  expect(() => readNumbersFile(written(content))).toThrow(words);
});

type Line = { text: (separator: string, quote: string) => string; number?: string | null };

const good = fc.integer({ min: 0, max: 9999 }).map((end): Line => {
  const number = `1555078${String(end).padStart(4, '0')}`;
  return { text: (separator, quote) => `${quote}+${number}${quote}${separator}${quote}a b${quote}`, number };
});
const bad = fc.constantFrom('12345', '(310) 555-0163', 'n/a').map((number): Line => {
  return { text: (separator, quote) => `${quote}${number}${quote}${separator}`, number: null };
});
const tooShort = fc.constant<Line>({ text: () => '+15550783951', number: null });
const empty = fc.constantFrom<Line>(
  { text: () => '' },
  { text: (separator) => separator },
  { text: () => ' ' },
);

const table = fc.record({
  lines: fc.array(fc.oneof(good, good, bad, tooShort, empty), { maxLength: 12 }),
  ends: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 13, maxLength: 13 }),
  separator: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('', '"'),
  header: fc.constantFrom('phone_number', 'Phone Number', 'PhoneNumber', 'E.164', 'number', 'MSISDN'),
  says: fc.boolean(),
  encoding: fc.constantFrom(
    'utf8',
    'utf8 with mark',
    'utf16le',
    'utf16le with mark',
    'utf16be with mark',
    'latin1',
  ),
});

function encoded(text: string, encoding: string): Buffer {
  const [name = '', marked] = encoding.split(' with ');
  const bytes = Buffer.from(
    (marked ? '\uFEFF' : '') + text,
    name === 'utf16be' ? 'utf16le' : (name as BufferEncoding),
  );
  return name === 'utf16be' ? bytes.swap16() : bytes;
}

test('whatever separates, ends and encodes its lines, each number of a table is read with its line', () => {
  fc.assert(
    fc.property(table, ({ lines, ends, separator, quote, header, says, encoding }) => {
      const all = [
        ...(says ? [`sep=${separator}`] : []),
        `${header}${separator}Straße`,
        ...lines.map(({ text }) => text(separator, quote)),
      ];
      // A line end of one kind behind one of the other would be one of its own.
      const text = all
        .map((line, index) => line + (ends[0] === '\r' ? '\r' : ends[index % 12]!.replace(/^\r$/, '\n')))
        .join('');
      const expected = lines.flatMap(({ number }, index) =>
        number === undefined ? [] : [[String(index + (says ? 3 : 2)), number]],
      );
      expect(byLine(readNumbersFile(written(encoded(text, encoding))))).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 500 },
  );
});
