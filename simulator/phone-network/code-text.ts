import type { CodeMethod } from './phone-network';

/** The words that bring a code (docs/rules.md, One-time codes); a voice message says them three times. */
export function codeText(method: CodeMethod, code: string, smsText: 'document' | 'seen'): string {
  if (method === 'VOICE') return Array(3).fill(`Verification code is ${code}.`).join(' ');
  const hyphenated = `${code.slice(0, 3)}-${code.slice(3)}`;
  return smsText === 'document'
    ? `WhatsApp code ${hyphenated}`
    : `Your WhatsApp code ${hyphenated}. Do not share this code with others`;
}
