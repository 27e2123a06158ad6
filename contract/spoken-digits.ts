/** The ten digits as they are spelled out, zero first; a transcript of a call may write them so. */
const languages = {
  english: 'zero one two three four five six seven eight nine',
  spanish: 'cero uno dos tres cuatro cinco seis siete ocho nueve',
  portuguese: 'zero um dois três quatro cinco seis sete oito nove',
  french: 'zéro un deux trois quatre cinq six sept huit neuf',
  german: 'null eins zwei drei vier fünf sechs sieben acht neun',
  italian: 'zero uno due tre quattro cinque sei sette otto nove',
  russian: 'ноль один два три четыре пять шесть семь восемь девять',
  indonesian: 'nol satu dua tiga empat lima enam tujuh delapan sembilan',
  hindi: 'शून्य एक दो तीन चार पांच छह सात आठ नौ',
  arabic: 'صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة',
};

const words = new Map<string, string>([['oh', '0']]);
for (const ten of Object.values(languages)) {
  for (const [digit, word] of ten.split(' ').entries()) words.set(plain(word), String(digit));
}

const han = '〇一二三四五六七八九';

const times: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };

/** The text with every digit of any script written as 0 to 9, in small letters without accents. */
export function withPlainDigits(text: string): string {
  return plain(text).replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)));
}

/**
 * The same with every digit that is spelled out written as 0 to 9 too. What `withPlainDigits` gives goes in.
 *
 * @example withSpokenDigits('one two double five, 4 2') === '1 2 5 5, 4 2'
 */
export function withSpokenDigits(text: string): string {
  return text
    .replace(/[零〇一二三四五六七八九]/gu, (digit) => String(Math.max(0, han.indexOf(digit))))
    .replace(/\p{L}+/gu, (word) => words.get(word) ?? word)
    .replace(/\b(double|triple|treble)\s+(\d)(?!\d)/g, (_, word: string, digit: string) =>
      Array(times[word]).fill(digit).join(' '),
    );
}

/** Full-width letters and digits become plain ones; accents and vowel signs go. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Unicode keeps the ten digits of a script side by side, the zero first and none before it. */
function valueOf(digit: string): number {
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return value;
}
