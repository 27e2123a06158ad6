/**
 * Who sent a code, as far as the text tells. WhatsApp names itself in every language; its call says "Verification code is
 * 123456" three times (docs/rules.md, One-time codes). Other services name themselves, too.
 *
 * - `whatsapp`: it names WhatsApp or its owner, or is that call.
 * - `unnamed`: a code and hardly a word beside it, as some gateways and transcripts hand it on.
 * - `another`: words, and WhatsApp is not among them.
 */
export function codeOrigin(text: string): 'whatsapp' | 'unnamed' | 'another' {
  if (whatsApp.test(text) || owner.test(text) || (text.match(call)?.length ?? 0) > 1) return 'whatsapp';
  const words = text.match(/\p{Letter}{2,}/gu) ?? [];
  return words.every((word) => ofAnyCode.has(word.toLowerCase())) ? 'unnamed' : 'another';
}

/**
 * Whether a code that nobody asked for may be kept and shown: what names WhatsApp itself, or is its call and nothing else.
 * Its owner sends codes for other accounts, too, and other services repeat the sentence of the call.
 */
export const isWhatsApps = (text: string) => whatsApp.test(text) || wholeCall.test(text);

/** In the scripts that write the name in their own letters, too. */
const whatsApp =
  /whats[\s-]?app|واتس\s?[اآ]ب|וואטסאפ|ווטסאפ|व्हाट्स\s?[एऐअ]प|व्हॉट्स\s?[एऐअ]प|হোয়াটসঅ্যাপ|วอทส์แอพ|ватсап|вотсап|왓츠앱/iu;
const owner = /\b(?:meta|facebook)\b/i;
const call = /verification code is/gi;
const wholeCall = /^\s*(?:verification code is[\s\d.,-]*){2,}$/i;
const ofAnyCode = new Set(['your', 'the', 'code', 'verification', 'is']);
