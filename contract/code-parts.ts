import { readCode } from './code';
import { plainText } from './plain-text';
import { spokenReadings, withMultiples } from './spoken-digits';

/** Parts of a message come within seconds; the same sender's next message is another one after a minute. */
export const PARTS_WITHIN = 60 * 1000;

/** "(1/2)" and "2/2:", where a carrier counts them. */
const marker = /^\s*\(?([1-9])\/[1-9]\)?[:.]?\s*|\s*\(?([1-9])\/[1-9]\)?\s*$/g;
const atEnd = /(?<!\d[ –-]?)(\d{1,5})[-–]?$/;
const atBeginning = /^[-–]?(\d{1,5})(?!\d|[ –-]\d)/;

/** Whether a text without a code may be one of two parts of a message: digits stand where the other may go on. */
export function mayBePart(text: string): boolean {
  const { words } = unmarked(text);
  return text.length <= 320 && readCode(text) === null && (atEnd.test(words) || atBeginning.test(words));
}

/**
 * The message of which two texts are parts, in whichever order they came; `null` where no code stands across the place where
 * they meet.
 */
export function joined(first: string, second: string): string | null {
  const [one, other] = [unmarked(first), unmarked(second)];
  const orders = one.place !== null && other.place !== null && other.place < one.place;
  const ways = [
    [one.words, other.words],
    [other.words, one.words],
  ] as const;
  for (const [before, behind] of orders ? [...ways].reverse() : ways) {
    const [, begins = ''] = atEnd.exec(before) ?? [];
    const [, ends = ''] = atBeginning.exec(behind) ?? [];
    if (begins === '' || ends === '' || begins.length + ends.length !== 6) continue;
    if (readCode(before + behind) === begins + ends) return before + behind;
  }
  return null;
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
 * A text as it may be shown to anybody: short, and without a digit, however it is written; what may be digits in words is
 * not shown at all.
 */
export function withoutFigures(text: string): string {
  const plain = plainText(text).replace(/\s+/g, ' ').trim();
  const spelled = spokenReadings(withMultiples(plain)).some(
    (reading) => countDigits(reading) - countDigits(plain) > 1,
  );
  if (spelled) return 'words that are digits';
  return plain.replace(/\d/g, '•').slice(0, 80);
}

const countDigits = (text: string) => text.replace(/\D/g, '').length;
