/** Digits in a message, with whatever is written between them without a blank. */
export interface Figure {
  text: string;
  kind:
    | 'threes' // 123-456, as WhatsApp writes it
    | 'six' // 123456
    | 'singles' // 1-2-3
    | 'group' // up to five digits
    | 'when' // a date or a time of day
    | 'name' // a part of a name: AB-123456
    | 'glued' // a part of a word, which may have lost its blank
    | 'phone' // the beginning of a phone number with its country code
    | 'other'; // an amount, a phone number, an address
  /** What stands between it and the figure before, `null` where it begins a row. */
  link: 'blank' | 'dash' | 'comma' | 'stop' | 'other' | null;
  /** The word right before a whole code, in small letters. */
  lead: string;
  /** A word follows it. */
  isCounted: boolean;
}

/** A comma behind three and three has only lost its blank. */
const figure = /\d{3}[-–]\d{3}(?=,\d)|\d+(?:[-–.,:/'’]\d+)*/g;

/** The rows of figures in a line: those of one row have nothing but blanks and punctuation between them. */
export function rowsOfFigures(line: string): Figure[][] {
  const rows: Figure[][] = [];
  let end: number | null = null;
  for (const { 0: text, index } of line.matchAll(figure)) {
    const link = end === null ? null : linkOf(line.slice(end, index));
    end = index + text.length;
    const found = { text, link, ...natureOf(text, line, index, end) };
    if (link === null) rows.push([found]);
    else rows.at(-1)?.push(found);
  }
  return rows;
}

function linkOf(gap: string): Figure['link'] {
  if (gap === ' ') return 'blank';
  if (/^ ?[-–] ?$/.test(gap)) return 'dash';
  if (/^ ?, ?$/.test(gap)) return 'comma';
  if (/^ ?\.+ ?$/.test(gap)) return 'stop';
  // An area code in brackets, or before a stroke.
  return /^ ?[)/][ /-]?$/.test(gap) ? 'other' : null;
}

function natureOf(
  text: string,
  line: string,
  start: number,
  end: number,
): Pick<Figure, 'kind' | 'lead' | 'isCounted'> {
  const isCounted = line[end] === ' ' && /\p{L}/u.test(line[end + 1] ?? '');
  // One of many that are said one by one.
  if (text.length < 3 && isSpaced(line[start - 1]) && isSpaced(line[end]) && line[start - 2] !== '+')
    return { kind: 'group', lead: '', isCounted };
  const before = line.slice(Math.max(0, start - 30), start);
  const kind = kindOf(text, before, line.slice(end, end + 30));
  const isWhole = kind === 'threes' || kind === 'six';
  const lead = isWhole ? /(\p{L}+)[^\p{L}\d]*$/u.exec(before)?.[1]?.toLowerCase() : '';
  return { kind, lead: lead ?? '', isCounted };
}

const isSpaced = (character: string | undefined) => character === undefined || ' ,.'.includes(character);

function kindOf(text: string, before: string, after: string): Figure['kind'] {
  const isThrees = /^\d{3}[-–]\d{3}$/.test(text);
  const part = partOfWord(before, after, isThrees);
  if (part) return part;
  if (/\+ ?\(?$/.test(before)) return 'phone';
  if (isThrees) return 'threes';
  if (
    /^(\d{1,2}:\d\d(:\d\d)?|\d{1,2}\/\d{1,2}|\d{4}([-–./]\d{1,2}){2}|(\d{1,2}[-–./]){2}(\d\d){1,2})$/.test(
      text,
    )
  )
    return 'when';
  if (/^\d([-–.,]\d)+$/.test(text)) return 'singles';
  if (!/^\d{1,6}$/.test(text) || isAmount(before, after) || /#$/.test(before)) return 'other';
  return text.length === 6 ? 'six' : 'group';
}

/** A word that has lost its blank, as where line ends are lost on the way; `DX` and `kTq` are none. */
const lostBefore = /(?<![\p{L}\p{N}])\p{Lu}?\p{Ll}{2,}\.?$/u;
const lostBehind = /^\.?\p{Lu}?\p{Ll}{2,}(?![\p{L}\p{N}])/u;

/** What a word makes of digits that touch it; scripts without capitals write words and digits side by side. */
function partOfWord(before: string, after: string, isThrees: boolean): 'name' | 'glued' | null {
  const isNamed = /[\p{Lu}\p{Ll}\d][-.]$|[\p{Lu}\d_@\\&%~^]$|[^ ]\/$|[?&]\w+=$/u.test(before);
  const isLost = isThrees && lostBefore.test(before);
  if (isNamed && !isLost && !/whatsapp\.com\/$/i.test(before)) return 'name';
  if (/\p{Ll}$/u.test(before) && !isLost) return 'glued';
  if (/^[_@\\#%°+&]|^\/[^ ]|^-[\p{Lu}\p{Ll}\d]/u.test(after)) return 'glued';
  if (!/^\.?[\p{Lu}\p{Ll}]/u.test(after)) return null;
  return lostBehind.test(after) && (isThrees || /^\.?\p{Lu}/u.test(after)) ? null : 'glued';
}

const currency = String.raw`\p{Sc}|EUR|USD|GBP|CHF|INR|BRL|MXN|IDR|NGN|ZAR|KES|AED|SAR|PKR|BDT|TRY|RUB|PLN|SEK|NOK|DKK|JPY|CNY|R\$|Rs\.?|Rp\.?|kr\.?|zł|Kč|Ft|FCFA|XOF|XAF|TL|руб|грн`;
const currencyBefore = new RegExp(`(?:^|[^\\p{L}])(?:${currency}) ?$`, 'u');
const currencyAfter = new RegExp(`^ ?(?:${currency})(?!\\p{L})|^,[-–]`, 'u');

const isAmount = (before: string, after: string) => currencyBefore.test(before) || currencyAfter.test(after);
