/**
 * Finds the one-time code in what a number received: `123456`, `123-456`, or a whole message in any language
 * (three and three digits, or six in a row: the sentence around them differs, rule §3). A voice message repeats it,
 * so the same code may stand in it several times; two different ones are not guessed between.
 *
 * @returns the six digits, or `null` where there is no code or more than one
 */
export function readCode(text: string): string | null {
  const found = new Set<string>();
  for (const [, first, second] of text.matchAll(/(?<![\d+-])(\d{3})[-\s]?(\d{3})(?![\d-])/g)) {
    found.add(`${String(first)}${String(second)}`);
  }
  const [code] = found;
  return found.size === 1 && code !== undefined ? code : null;
}
