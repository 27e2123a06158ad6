/** What nobody sees: direction marks, blanks of no width, soft hyphens, the selectors behind an emoji. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Accents, Arabic and Hebrew points, the frame of a keycap: a word or digit is the same with and without. */
const points = /[\u0300-\u036F\u0591-\u05C7\u0640\u064B-\u065F\u0670\u20E3]/g;

/** The text as it is read: nothing unseen in it, digits of any script as 0 to 9, full-width letters and accents plain. */
export function plainText(text: string): string {
  // Most messages; normalizing costs more than reading them.
  if (/^[\t\n\r -~]*$/.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(unseen, '')
    .replace(points, '')
    .normalize('NFC')
    .replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)));
}

/** Unicode keeps the ten digits of a script side by side, the zero first and none before it. */
function valueOf(digit: string): number {
  const codePoint = digit.codePointAt(0) ?? 0;
  if (codePoint < 0x80) return codePoint - 0x30;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return value;
}
