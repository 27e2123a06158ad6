import { print, printJson, printTable } from '../../cli/print';

/** What a stranger can write into a text: it clears the screen, sets the title and goes back over the line. */
const hostile = '\x1b[2J\x1b]0;owned\x07\u009b31mred\rover\x7f';

let written = '';
beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

test('what is printed does not steer the terminal, and keeps its lines and tabs', () => {
  print(`one\n\ttwo ${hostile}`);
  expect(written).toBe('one\n\ttwo [2J]0;owned31mredover\n');
});

test('nor does a table, whose columns stay even', () => {
  printTable(['Who', 'What'], [['a', hostile]]);
  expect(written).not.toMatch(/(?!\n)\p{Cc}/u);
  const lines = written.trimEnd().split('\n');
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});

test('JSON is read back to the letter, and is as harmless', () => {
  printJson({ hostile });
  expect(written).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(JSON.parse(written)).toEqual({ hostile });
});
