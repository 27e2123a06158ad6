import { parsePhoneNumber } from 'libphonenumber-js/max';
import { digitsOf } from './graph';

/** Meta advises a call for these: many receive no SMS, or their carriers keep codes back (docs/rules.md, One-time codes). */
const calledTypes: readonly (string | undefined)[] = ['FIXED_LINE', 'TOLL_FREE', 'VOIP'];

/** Whether a number's line type is one for calls; not where its plan tells fixed lines and mobile ones apart no more, as +1. */
export function receivesCalls(phoneNumber: string): boolean {
  try {
    return calledTypes.includes(parsePhoneNumber(`+${digitsOf(phoneNumber)}`).getType());
  } catch {
    return false;
  }
}
