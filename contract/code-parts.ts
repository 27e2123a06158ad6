import { readCode } from './code';
import { plainText } from './plain-text';
import { spokenReadings, withMultiples } from './spoken-digits';

/** Parts of a message come within seconds; the same sender's next message is another one after a minute. */
export const PARTS_WITHIN = 60 * 1000;

/** "(1/2)" and "2/2:", where a carrier counts them. */
const marker = /^\s*\(?([1-9])\/[1-9]\)?[:.]?\s*|\s*\(?([1-9])\/[1-9]\)?\s*$/g;
const atEnd = /(?<!\d[ –-]?)(\d{3}[-–]\d{1,2}|\d{1,5})[-–]?$/;
const atBeginning = /^[-–]?(\d{1,2}[-–]\d{3}|\d{1,5})(?!\d|[ –-]\d)/;

/** Whether a text without a code may be one of two parts of a message: digits stand where the other may go on. */
export function mayBePart(text: string): boolean {
  const { words } = unmarked(text);
  return text.length <= 320 && readCode(text) === null && (atEnd.test(words) || atBeginning.test(words));
}

/**
 * The message of which two texts are parts, in whichever order they came; `null` where no code stands across the place where
 * they meet, or another one does in the other order.
 */
export function joined(first: string, second: string): string | null {
  const [one, other] = [unmarked(first), unmarked(second)];
  const inOrder = meeting(one.words, other.words);
  const reversed = meeting(other.words, one.words);
  if (one.place !== null && other.place !== null && one.place !== other.place)
    return one.place < other.place ? inOrder : reversed;
  if (inOrder === null || reversed === null) return inOrder ?? reversed;
  return readCode(inOrder) === readCode(reversed) ? inOrder : null;
}

/** Both with a code across the place where they meet. A hyphen joins what stands on its two sides, so it is at no end. */
function meeting(before: string, behind: string): string | null {
  const begins = atEnd.exec(before)?.[1];
  const ends = atBeginning.exec(behind)?.[1];
  if (begins === undefined || ends === undefined || /^[-–]/.test(before) || /[-–]$/.test(behind)) return null;
  const code = (begins + ends).replace(/\D/g, '');
  return code.length === 6 && readCode(before + behind) === code ? before + behind : null;
}

function unmarked(text: string): { words: string; place: number | null } {
  let place: number | null = null;
  const words = plainText(text).replace(marker, (_, first?: string, last?: string) => {
    place = Number(first ?? last);
    return '';
  });
  return { words: words.trim(), place };
}

/**
 * A text as it may be shown to anybody: short, without control characters, and without a digit, however it is written; what may be digits in words is
 * not shown at all.
 */
export function withoutFigures(text: string): string {
  const plain = plainText(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const spelled = spokenReadings(withMultiples(plain)).some(
    (reading) => countDigits(reading) - countDigits(plain) > 1,
  );
  if (spelled) return 'words that are digits';
  return plain.replace(/\d/g, '•').slice(0, 80);
}

const countDigits = (text: string) => text.replace(/\D/g, '').length;
