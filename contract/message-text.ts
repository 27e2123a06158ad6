import { plainText } from './plain-text';

/**
 * A message as its figures are read: plain, without the hash that an app knows it by, and with a line end in the place of
 * times and parts, "10 minutes" and "1 of 2".
 */
export const messageText = (text: string) => withoutAppHash(plainLines(decoded(text))).replace(asides, '\n');

/** What a mail gateway or a form left encoded: characters of HTML, and a text as it stands in an address. */
function decoded(text: string): string {
  const inAddress = /^\S*(?:%[\dA-F]{2}|\p{L}\+[\p{L}\d])\S*$/iu.test(text)
    ? text.replaceAll('+', ' ')
    : text;
  return (inAddress === text && !/%20|%0A/i.test(text) ? text : withoutPercents(inAddress)).replace(
    /&(?:#(\d{2,6})|#x([\dA-F]{2,5})|(nbsp|amp|lt|gt|quot|apos|shy|ndash|mdash));/gi,
    (_, decimal?: string, hex?: string, name = '') =>
      decimal !== undefined || hex !== undefined
        ? characterAt(decimal === undefined ? parseInt(String(hex), 16) : Number(decimal))
        : (named[(name as string).toLowerCase()] ?? ' '),
  );
}

const characterAt = (codePoint: number) => (codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : ' ');
const named: Readonly<Record<string, string>> = { shy: '', ndash: '–', mdash: '—' };

function withoutPercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One kind of line end, of blank, of hyphen, of longer dash; other scripts' commas and stops need no blank behind them. */
const plainLines = (text: string) =>
  plainText(
    text
      .replace(/[，、،]/g, ', ')
      .replace(/：/g, ': ')
      .replace(/[。।۔]/g, '. '),
  )
    .replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/[\u2010\u2043\u058A\u05BE]/g, '-')
    .replace(/[\p{Pd}\u2212\u2500\u2501\u2796]/gu, (dash) => (dash === '-' ? dash : '–'))
    .replace(/(?<=\d ?)[ー~∼](?= ?\d)/g, '–');

/**
 * Without the eleven characters that an app knows its messages by: on a line of their own, behind a blank, or behind the
 * code itself without one.
 */
const withoutAppHash = (text: string) =>
  text.replace(/[A-Za-z\d+/]{11,17}(?![A-Za-z\d+/])/g, (word) => {
    const code = /^(\d{3}|\d{6})?(?=.{11}$)/.exec(word)?.[0];
    const isHash = code !== undefined && /[a-z]/.test(word) && /[A-Z\d+/]/.test(word.slice(-11));
    return isHash ? `${code}\n` : word;
  });

/** The beginnings of words for minutes, hours and seconds. */
const units =
  'min|mnt|hour|hr|sec|std|stund|sek|uur|heure|hora|ora|ore|ura|dakika|dk|saat|sn|jam|menit|detik|phut|gio|perc|godz|hodin|tim|мин|хв|час|год|сек|λεπτ|ωρ|דקו|שעו|دقيق|دقائق|دقیق|ساع|منٹ|मिनट|मिनिट|घंट|মিনিট|ঘণ্ট|นาที|ชั่วโมง|分|時|小时|小時|秒|분|시간|초';
/** Not a digit more of those that are said one by one. */
const count = String.raw`(?<![\d.,:/–-])(?<!(?<!\d)\d[ ,.–-]{1,3})`;
/** "10 minutes", "24 h"; part "2/2" or "1 of 2". */
const asides = new RegExp(
  String.raw`${count}(?:\d{1,3}[ –-]{0,3}(?:${units}|h(?![\p{L}\d]))|[1-9](?:/| / | (?:of|de|von|van|di|sur|su|af|av|z|ze|od|из|із|от|dari) )[1-9](?![\d/]|[-–.,:]\d))`,
  'giu',
);
