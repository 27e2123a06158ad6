import { withPlainDigits, withSpokenDigits } from './spoken-digits';

/**
 * What may stand between the digits of one code, wider each time: `123-456` and `1 2 3 4 5 6`, then the commas and at
 * last the full stops that a transcript puts between digits that were said one by one.
 */
const separators = [/[\s-]{1,3}/, /[\s-]{1,3}|,\s?/, /[\s-]{1,3}|[,.]\s?/];

const runs = separators.map(
  ({ source }) => new RegExp(String.raw`(?:\+\s?|-)?\d+(?:(?:${source})\d+)*-?`, 'g'),
);

/**
 * Finds the one-time code in what a number received: `123456`, `123-456`, or a whole message in any language and
 * wording, with digits of any script, spelled out or said one by one. The sentence around them differs, so it is not looked
 * at (docs/rules.md, One-time codes). A voice message repeats the code; two different ones are not guessed between.
 *
 * @returns the six digits, or `null` where there is no code or more than one
 */
export function readCode(text: string): string | null {
  const written = withPlainDigits(text).replace(/\p{Pd}/gu, '-');
  // Each way by itself: many a language has a small word that is also a digit, and it may stand beside the code.
  const readings = [written, withSpokenDigits(written)];
  const found = new Set(
    readings.flatMap((reading) => runs.flatMap((run) => reading.match(run) ?? [])).map(codeIn),
  );
  found.delete(null);
  const [code] = found;
  return found.size === 1 && code !== undefined ? code : null;
}

/** The code that a row of digits is, be it said once or several times. */
function codeIn(run: string): string | null {
  // A phone number, or a part of a longer name.
  if (/^[+-]|-$/.test(run)) return null;
  const groups = run.match(/\d+/g) ?? [];
  const digits = groups.join('');
  const code = digits.slice(0, 6);
  if (code.length < 6 || code.repeat(digits.length / 6) !== digits) return null;
  return isSaidSo(run, groups) ? code : null;
}

/** Six digits, three and three, or one by one; other groups only with nothing but blanks between them, for 12-04-26 is a day. */
function isSaidSo(run: string, groups: readonly string[]): boolean {
  const alike = (size: number) => groups.every(({ length }) => length === size);
  if (alike(1) || alike(6)) return true;
  if (alike(3)) return !/\d[,.]\d/.test(run); // 100,000 is an amount
  return groups.every(({ length }) => length <= 3) && /^[\d\s]+$/.test(run);
}
