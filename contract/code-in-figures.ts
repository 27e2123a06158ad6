import type { Figure } from './figures';

export interface FoundCode {
  code: string;
  /** `123-456`, `123456`, or in other groups and one by one, as a transcript has it. */
  shape: 'threes' | 'six' | 'spoken';
  /** The word before it. */
  lead: string;
}

/** The codes in a row of figures, each as often as it is said, whole or in one of the row's parts. */
export function codesInRow(row: readonly Figure[]): FoundCode[] {
  const whole = codeOf(row);
  if (whole) return [whole];
  const sentences = splitAt('stop', row);
  if (sentences.length > 1) return sentences.flatMap(codesInRow);
  const cutOff = repeatedInPart(splitAt('comma', row));
  if (cutOff) return [cutOff];
  return row.flatMap((figure, index) => (standsAlone(row, index) ? (codeOf([figure]) ?? []) : []));
}

export const digitsOf = (row: readonly Pick<Figure, 'text'>[]) =>
  row
    .map(({ text }) => text)
    .join('')
    .replace(/\D/g, '');

/** The code that a row of figures is, be it said once or several times. */
function codeOf(row: readonly Figure[]): FoundCode | null {
  const digits = digitsOf(row);
  const code = digits.slice(0, 6);
  if (code.length < 6 || code.repeat(digits.length / 6) !== digits || !isSaidSo(row)) return null;
  const [{ kind, lead } = { kind: null, lead: '' }] = row;
  const isWritten = (kind === 'threes' || kind === 'six') && row.every((other) => other.kind === kind);
  return { code, shape: isWritten ? kind : 'spoken', lead };
}

/** Six digits, three and three, or one by one; other groups only with blanks and commas between them, for 12-04-26 is a day. */
function isSaidSo(row: readonly Figure[]): boolean {
  const links = row.slice(1).map(({ link }) => link);
  if (links.includes('other')) return false;
  const isEach = (...kinds: Figure['kind'][]) => row.every(({ kind }) => kinds.includes(kind));
  if (isEach('threes', 'six')) return true;
  const lengths = row.map(({ text, kind }) => (kind === 'singles' ? 1 : text.length));
  if (isEach('singles', 'group') && lengths.every((length) => length === 1)) return true;
  if (!isEach('group', 'six')) return false;
  if (lengths.every((length) => length === 3)) return true;
  // A house and its street may stand so: 12, 3456.
  if (links.includes('comma') && lengths.some((length) => length > 3)) return false;
  return links.every((link) => link === 'blank' || link === 'comma');
}

/** The code that is said at least once, where its repetitions are cut off at the beginning or the end. */
function repeatedInPart(parts: readonly Figure[][]): FoundCode | null {
  const found = parts.map(codeOf).find((code) => code !== null);
  if (!found || parts.length < 2) return null;
  const isPart = (digits: string) => found.code.startsWith(digits) || found.code.endsWith(digits);
  return parts.map(digitsOf).every(isPart) ? found : null;
}

/** Whether what stands beside a figure in its row cannot belong to it: 06 1 234-567 is a phone number. */
function standsAlone(row: readonly Figure[], index: number): boolean {
  const [before, figure, after] = [row[index - 1], row[index], row[index + 1]];
  const isLast = index + 2 >= row.length;
  // The number of a page.
  const isDigit = after?.kind === 'group' && after.text.length === 1 && after.link === 'blank' && isLast;
  switch (figure?.kind) {
    case 'threes': {
      const isOpen = !before || figure.link === 'comma' || isApart(before);
      const isClosed =
        !after || after.link === 'comma' || isApart(after) || (after.link === 'dash' && isLast) || isDigit;
      return isOpen && isClosed;
    }
    case 'six':
      return !before && (!after || after.link === 'comma' || isApart(after) || (isDigit && after.isCounted));
    default:
      return false;
  }
}

const isApart = ({ kind }: Figure) => kind === 'when' || kind === 'name' || kind === 'glued';

function splitAt(link: Figure['link'], row: readonly Figure[]): Figure[][] {
  const parts: Figure[][] = [];
  for (const figure of row) {
    if (parts.length === 0 || figure.link === link) parts.push([]);
    parts.at(-1)?.push(figure);
  }
  return parts;
}
