import { plainText } from './plain-text';

/**
 * The ten digits as they are spelled out, zero first, with `/` between several words for one; a transcript of a call may
 * write them so. Another language is another line here.
 */
const spaced = [
  // English
  'zero/oh/nought one two three four five six seven eight nine/niner',
  // Spanish, Galician, Catalan, Portuguese, where half a dozen is six on the telephone, French, Italian, Romanian
  'cero uno/una dos tres cuatro cinco seis siete ocho nueve',
  'cero un/unha dous/dúas tres catro cinco seis sete oito nove',
  'zero un/u dos tres quatre cinc sis set vuit nou',
  'zero um/uma dois/duas três quatro cinco seis/meia sete oito nove',
  'zéro un/une deux trois quatre cinq six sept huit neuf',
  'zero uno due tre quattro cinque sei sette otto nove',
  'zero unu/una doi/două trei patru cinci șase șapte opt nouă',
  // German, Dutch, Afrikaans, Swedish, Danish, Norwegian, Icelandic
  'null eins zwei/zwo drei vier fünf/fuenf sechs sieben acht neun',
  'nul een twee drie vier vijf zes zeven acht negen',
  'nul een twee drie vier vyf ses sewe agt nege',
  'noll ett/en två tre fyra fem sex sju åtta nio',
  'nul en/et to tre fire fem seks syv otte ni',
  'null en/ett to tre fire fem seks sju/syv åtte ni',
  'núll einn/eitt tveir/tvö þrír/þrjú fjórir/fjögur fimm sex sjö átta níu',
  // Finnish, Estonian, Hungarian, Latvian, Lithuanian
  'nolla yksi/yks kaksi/kaks kolme neljä viisi/viis kuusi/kuus seitsemän kahdeksan yhdeksän',
  'null üks kaks kolm neli viis kuus seitse kaheksa üheksa',
  'nulla egy kettő/két három négy öt hat hét nyolc kilenc',
  'nulle viens divi trīs četri pieci seši septiņi astoņi deviņi',
  'nulis vienas/viens du trys keturi penki šeši septyni aštuoni devyni',
  // Polish, Czech, Slovak, Slovene, Croatian and Serbian
  'zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć',
  'nula jedna/jeden/jedno dva/dvě tři čtyři pět šest sedm osm devět',
  'nula jeden/jedna/jedno dva/dve tri štyri päť šesť sedem osem deväť',
  'nič/nula ena/eden dva/dve tri štiri pet šest sedem osem devet',
  'nula jedan/jedna dva/dvije/dve tri četiri pet šest sedam osam devet',
  'нула један/једна два/две три четири пет шест седам осам девет',
  // Macedonian, Bulgarian, Russian, Ukrainian, Belarusian
  'нула еден/една два/две три четири пет шест седум осум девет',
  'нула едно/един/една две/два три четири пет шест седем осем девет',
  'ноль/нуль один/одна/раз два/две три четыре пять шесть семь восемь девять',
  "нуль/ноль один/одна два/дві три чотири п'ять шість сім вісім дев'ять",
  'нуль адзін/адна два/дзве тры чатыры пяць шэсць сем восем дзевяць',
  // Greek, Albanian, Armenian, Georgian
  'μηδέν ένα/ένας δύο τρία/τρεις τέσσερα/τέσσερις πέντε έξι επτά/εφτά οκτώ/οχτώ εννέα/εννιά',
  'zero një dy tre/tri katër pesë gjashtë shtatë tetë nëntë',
  'զրո մեկ երկու երեք չորս հինգ վեց յոթ ութ ինը',
  'ნული ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა',
  // Turkish, Azerbaijani, Uzbek, Kazakh, Mongolian
  'sıfır bir iki üç dört beş altı yedi sekiz dokuz',
  'sıfır bir iki üç dörd beş altı yeddi səkkiz doqquz',
  "nol bir ikki uch to'rt besh olti yetti sakkiz to'qqiz",
  'нөл бір екі үш төрт бес алты жеті сегіз тоғыз',
  'тэг нэг хоёр гурав дөрөв тав зургаа долоо найм ес',
  // Arabic, with the words' other cases and genders, Hebrew, Persian, Urdu
  'صفر واحد/واحدة اثنان/اثنين/اثنتان/اثنتين ثلاثة/ثلاث أربعة/أربع خمسة/خمس ستة/ست سبعة/سبع ثمانية/ثماني/ثمان تسعة/تسع',
  'אפס אחת/אחד שתיים/שניים/שתים/שנים שלוש/שלושה ארבע/ארבעה חמש/חמישה שש/שישה שבע/שבעה שמונה תשע/תשעה',
  'صفر یک دو سه چهار پنج شش/شیش هفت هشت نه',
  'صفر/زیرو ایک دو تین چار پانچ چھ/چھے سات آٹھ نو',
  // Hindi, Marathi, Nepali, Bengali, Gujarati, Punjabi
  'शून्य/ज़ीरो/जीरो एक दो तीन चार पांच/पाँच/पाच छह/छः/छ/छे/छै सात आठ नौ',
  'शून्य एक दोन तीन चार पाच सहा सात आठ नऊ',
  'शून्य/सुन्ना एक दुई तीन चार पाँच/पांच छ/छः सात आठ नौ',
  'শূন্য/জিরো এক দুই তিন চার পাঁচ/পাচ ছয় সাত আট নয়',
  'શૂન્ય/ઝીરો એક બે ત્રણ ચાર પાંચ છ સાત આઠ નવ',
  'ਸਿਫ਼ਰ/ਜ਼ੀਰੋ ਇੱਕ/ਇਕ ਦੋ ਤਿੰਨ ਚਾਰ ਪੰਜ ਛੇ ਸੱਤ ਅੱਠ ਨੌਂ/ਨੌ',
  // Tamil, Telugu, Kannada, Malayalam
  'பூஜ்ஜியம்/பூஜ்யம்/சைபர் ஒன்று இரண்டு மூன்று நான்கு/நாலு ஐந்து ஆறு ஏழு எட்டு ஒன்பது',
  'సున్నా/సున్న ఒకటి రెండు మూడు నాలుగు ఐదు/అయిదు ఆరు ఏడు ఎనిమిది తొమ్మిది',
  'ಸೊನ್ನೆ/ಶೂನ್ಯ ಒಂದು ಎರಡು ಮೂರು ನಾಲ್ಕು ಐದು ಆರು ಏಳು ಎಂಟು ಒಂಬತ್ತು',
  'പൂജ്യം ഒന്ന് രണ്ട് മൂന്ന് നാല് അഞ്ച് ആറ് ഏഴ് എട്ട് ഒമ്പത്/ഒൻപത്',
  // Indonesian and Malay, Tagalog, Vietnamese, Swahili, Hausa, Amharic
  'nol/kosong/sifar satu dua tiga empat lima enam tujuh delapan/lapan sembilan',
  'sero/zero isa dalawa tatlo apat lima anim pito walo siyam',
  'không một/mốt hai ba bốn/tư năm/lăm sáu bảy/bẩy tám chín',
  'sifuri moja mbili tatu nne tano sita saba nane tisa',
  'sifili ɗaya biyu uku huɗu biyar shida bakwai takwas tara',
  'ዜሮ አንድ ሁለት ሶስት አራት አምስት ስድስት ሰባት ስምንት ዘጠኝ',
];

/** The same of languages that write one word behind the other without a blank. */
const unspaced = [
  // Chinese, with the one of the telephone, and Japanese in the same signs
  '零/〇/ゼロ 一/幺 二 三 四 五 六 七 八 九',
  // Japanese, Korean, Thai, Lao, Khmer, Burmese
  'ゼロ/れい/まる いち に さん よん/し ご ろく なな/しち はち きゅう/く',
  '영/공 일 이 삼 사 오 육/륙 칠 팔 구',
  'ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า',
  'ສູນ ໜຶ່ງ/ຫນຶ່ງ ສອງ ສາມ ສີ່ ຫ້າ ຫົກ ເຈັດ ແປດ ເກົ້າ',
  'សូន្យ មួយ ពីរ បី បួន ប្រាំ ប្រាំមួយ ប្រាំពីរ ប្រាំបី ប្រាំបួន',
  'သုည တစ် နှစ် သုံး လေး ငါး ခြောက် ခုနစ်/ခုနှစ် ရှစ် ကိုး',
];

/** English words that a transcript writes where a digit was said. */
const soundAlikes: Readonly<Record<string, string>> = {
  o: '0',
  won: '1',
  to: '2',
  too: '2',
  for: '4',
  fore: '4',
  ate: '8',
};

const anySoundAlike = new RegExp(String.raw`\b(?:${Object.keys(soundAlikes).join('|')})\b`, 'i');

const times: Readonly<Record<string, number>> = {
  double: 2,
  doble: 2,
  doppel: 2,
  dubbel: 2,
  dobbel: 2,
  duplo: 2,
  doppio: 2,
  triple: 3,
  treble: 3,
  triplo: 3,
};
const multiples = Object.keys(times).join('|');
const timesDigit = new RegExp(String.raw`\b(${multiples})[ -]+(\d)(?!\d)`, 'gi');

/** Latin words end where another script begins, which may write without blanks. */
const wordOrNumber =
  /\d+|\p{Script=Latin}[\p{Script=Latin}\p{M}]*(?:['’ʼ]\p{Script=Latin}+)*|(?:(?!\p{Script=Latin})[\p{L}\p{M}])+(?:['’ʼ][\p{L}\p{M}]+)*/gu;

interface Language {
  digits: ReadonlyMap<string, string>;
  /** A word inside others, and several of them; `null` where words stand apart. */
  unspaced: { word: RegExp; run: RegExp } | null;
}

interface Dictionary {
  english: Language;
  byWord: ReadonlyMap<string, readonly Language[]>;
  unspaced: readonly Language[];
}

/** Made when it is first needed: most messages are written, and a workflow loads its code anew for each number. */
let dictionary: Dictionary | null = null;

/**
 * The text with spelled digits as 0 to 9, in the language that has most words in it, or each of several: many a language
 * has a small word that is a digit in another.
 *
 * @param text as `plainText` gives it
 * @example spokenReadings('one two double five, 4 2') // ['1 2 5 5, 4 2']
 */
export function spokenReadings(text: string): string[] {
  const { byWord, unspaced } = (dictionary ??= makeDictionary());
  const found = new Map<Language, string[]>();
  for (const [token] of text.matchAll(wordOrNumber)) {
    const word = key(token);
    for (const language of byWord.get(word) ?? []) {
      const words = found.get(language);
      if (words) words.push(word);
      else found.set(language, [word]);
    }
  }
  const most = Math.max(...[...found.values()].map(({ length }) => length));
  const spoken = [...found].flatMap(([language, words]) =>
    words.length === most && isSpoken(words, text) ? language : [],
  );
  // Few messages have them, and it takes long to look.
  const together = /[^\0-\u0DFF]/.test(text)
    ? unspaced.filter((language) => text.search(language.unspaced?.run ?? /$^/) >= 0)
    : [];
  return [...new Set([...spoken, ...together].map((language) => withMultiples(readIn(language, text))))];
}

/** One short word may be of any language, and no digit at all: "to", "het", "um". Between figures it is one. */
function isSpoken(words: readonly string[], text: string): boolean {
  const [word = ''] = words;
  return (
    words.some((other) => other !== word) ||
    !/^[a-z]{1,3}$/.test(word) ||
    new RegExp(String.raw`\d[ ,.-]{1,3}${word}[ ,.-]{1,3}\d|\b(?:${multiples})[ -]+${word}\b`, 'i').test(text)
  );
}

/** The same with words that only sound like digits in English, where they stand in a row with others; `null` without any. */
export function soundAlikeReading(text: string): string | null {
  if (!anySoundAlike.test(text)) return null;
  const { english } = (dictionary ??= makeDictionary());
  const tokens = [...text.matchAll(wordOrNumber)];
  const kinds = tokens.map(([word]) =>
    /\d/.test(word)
      ? 'number'
      : english.digits.has(key(word))
        ? 'spelled'
        : key(word) in soundAlikes
          ? 'alike'
          : null,
  );
  const besides = (index: number, other: number) => {
    const [left, right] = [tokens[Math.min(index, other)], tokens[Math.max(index, other)]];
    if (!left || !right) return null;
    return /^[ ,.-]{1,3}$/.test(text.slice(left.index + left[0].length, right.index)) ? kinds[other] : null;
  };
  let reading = '';
  let end = 0;
  for (const [index, { 0: word, index: start }] of tokens.entries()) {
    const [before, after] = [besides(index, index - 1), besides(index, index + 1)];
    // At the edge of a row of figures it is a word: "the code to 5 2 9".
    const inRow =
      (before && after) ||
      [before, after].some((kind) => kind === 'spelled' || kind === 'alike' || (kind && word === 'O'));
    const digit = english.digits.get(key(word)) ?? (inRow ? soundAlikes[key(word)] : undefined);
    reading += text.slice(end, start) + (digit ?? word);
    end = start + word.length;
  }
  return withMultiples(reading + text.slice(end));
}

/** "double 7" and "triple-7", as the English say. */
export const withMultiples = (text: string) =>
  text.replace(timesDigit, (_, word: string, digit: string) =>
    Array(times[word.toLowerCase()]).fill(digit).join(' '),
  );

function readIn({ digits, unspaced }: Language, text: string): string {
  const apart = text.replace(wordOrNumber, (word) => digits.get(key(word)) ?? word);
  if (!unspaced) return apart;
  return apart.replace(unspaced.run, (run) => run.replace(unspaced.word, (word) => digits.get(word) ?? word));
}

function makeDictionary(): Dictionary {
  const [english, ...others] = spaced.map((line): Language => ({ digits: digitsIn(line), unspaced: null }));
  const together = unspaced.map((line): Language => {
    const digits = digitsIn(line);
    // The longest first: one word may begin as another does.
    const word = [...digits.keys()].sort((one, other) => other.length - one.length).join('|');
    return { digits, unspaced: { word: new RegExp(word, 'gu'), run: new RegExp(`(?:${word}){2,}`, 'gu') } };
  });
  const byWord = new Map<string, Language[]>();
  if (!english) throw new Error('there is no first language');
  for (const language of [english, ...others, ...together]) {
    for (const word of language.digits.keys()) byWord.set(word, [...(byWord.get(word) ?? []), language]);
  }
  return { english, byWord, unspaced: together };
}

const digitsIn = (line: string) =>
  new Map(
    line
      .split(' ')
      .flatMap((names, digit) =>
        names.split('/').map((name) => [key(plainText(name)), String(digit)] as const),
      ),
  );

const key = (word: string) => word.toLowerCase().replace(/['’ʼ]/g, '').replaceAll('ı', 'i');
