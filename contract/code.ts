import { codesInRow, digitsOf, type FoundCode } from './code-in-figures';
import { rowsOfFigures, type Figure } from './figures';
import { messageText } from './message-text';
import { soundAlikeReading, spokenReadings, withMultiples } from './spoken-digits';

/**
 * Finds the one-time code in what a number received: `123456`, `123-456`, or a whole message in any language and
 * wording, with digits of any script, spelled out or said one by one. The sentence around them differs, so it is not looked
 * at (docs/rules.md, One-time codes). A voice message repeats the code; two different ones are not guessed between.
 *
 * @returns the six digits, or `null` where there is no code, more than one, or doubt
 */
export function readCode(text: string): string | null {
  const written = withMultiples(messageText(text));
  const figures = rowsIn(written);
  const inFigures = figures.flatMap(codesInRow);
  // As WhatsApp writes it: no need to look for spelled digits.
  if (inFigures.some(({ shape }) => shape === 'threes')) return decide(inFigures);
  const readings = spokenReadings(written).map(rowsIn);
  const spelled = readings.map((rows) => rows.flatMap(codesInRow));
  // "four 8 2 9 1 3 4" are seven digits, and none of them a word.
  const isWhole = ({ shape, code }: FoundCode) =>
    shape === 'six' || spelled.every((found) => found.some((other) => other.code === code));
  const found = [...inFigures.filter(isWhole), ...spelled.flat()];
  if (found.length > 0) return withoutDoubt(decide(found), [figures, ...readings].flat());
  const alike = rowsIn(soundAlikeReading(written) ?? '');
  return withoutDoubt(decide(alike.flatMap(codesInRow)), alike);
}

const rowsIn = (text: string) => text.replace(beforeLast, ' ').split('\n').flatMap(rowsOfFigures);

/** "4, 8, 2, 9, 1 and 3": the word before the last of digits that are said one by one. */
const beforeLast =
  /(?<=(?<!\d)\d,? \d),? (?:and|y|e|et|und|en|och|og|ja|i|a|ve|dan|và|и|і|و) (?=\d(?!\d| ?[%:.]\d))/giu;

/**
 * One code; or the one that is written as WhatsApp does, beside the six digits of a sender. Where the same word leads to
 * both, or half of their digits agree, both are codes, and one may have been heard wrongly.
 */
function decide(found: readonly FoundCode[]): string | null {
  const [first] = found;
  if (found.every(({ code }) => code === first?.code)) return first?.code ?? null;
  const threes = found.filter(({ shape }) => shape === 'threes');
  const code = threes[0]?.code;
  if (code === undefined) return null;
  const isSender = (other: FoundCode) =>
    other.shape === 'six' &&
    !threes.some(({ lead }) => lead !== '' && lead === other.lead) &&
    code.split('').filter((digit, index) => digit === other.code[index]).length < 3;
  return found.every((each) => each.code === code || isSender(each)) ? code : null;
}

/** No code where other figures might have been it, had they been heard or carried better. */
function withoutDoubt(code: string | null, rows: readonly Figure[][]): string | null {
  if (code === null) return null;
  const mayBeAnother = (figure: Figure) =>
    figure.kind !== 'name' && looksLikeCode.test(figure.text) && digitsOf([figure]) !== code;
  const isDoubtful = (row: Figure[]) => {
    if (codesInRow(row).length > 0)
      return row.some((figure) => figure.kind === 'glued' && mayBeAnother(figure));
    const others = row.filter((figure) => !isElse.includes(figure.kind) && digitsOf([figure]) !== code);
    const rest = digitsOf(others);
    if (row[0]?.kind === 'phone') return rest.length < 7 || rest.length > 15;
    if (row.some(mayBeAnother)) return true;
    const isPhone =
      /^\d{10,15}$/.test(rest) &&
      row.length < 6 &&
      row.every(({ kind }) => kind === 'group' || kind === 'six') &&
      (rest.startsWith('0') || Number(row.at(-1)?.text.length) > 3);
    const isRow = row.length > 1 || row[0]?.kind === 'singles';
    return isRow && rest.length > 4 && !isPhone && !code.repeat(2).includes(rest);
  };
  return rows.some(isDoubtful) ? null : code;
}

const isElse: readonly Figure['kind'][] = ['when', 'name'];
const looksLikeCode = /(?<!\d)(?:\d{6}|\d{3}[-–]\d{3})(?!\d)|^\d(?:[-–.,]\d){4}/;

/**
 * A text that is longer than may be handed on, as the part of it that matters: the beginning that reads the same, else the
 * code alone. A transcript of a call that goes on and on still has its code in it.
 */
export function withinLength(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = readCode(text);
  const beginning = text.slice(0, length).replace(/\S+$/, '');
  // What is cut off may have been the second of two codes.
  return readCode(beginning) === code ? beginning : (code ?? '');
}
