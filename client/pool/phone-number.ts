import type { Client } from '@temporalio/client';
import { phoneNumberFault, readDigits, readPhoneNumber, writtenForms } from '../../contract/phone-number';
import { readHistory } from './ask-records';
import { RefusedError } from './refused-error';
import { findRun } from './run';

/**
 * The digits under which a number lives in the pool, as somebody writes it: perhaps in its other written form, or in the
 * digits that the pool itself gives, which may be a number of one country and a national one of another. Temporal is asked
 * only where the text alone does not tell.
 *
 * @throws {RefusedError} `InvalidMessage` for what is no phone number, saying why
 */
export async function digitsInPool(client: Client, text: string): Promise<string> {
  if (typeof text !== 'string') throw noNumber(text, 'it is no text; write it as one, such as +15550783881');
  const written = readPhoneNumber(text);
  const number = written ?? readDigits(text);
  if (written && writtenForms(written.digits).length === 1) return written.digits;
  const run = number && (await findRun(client, number.digits));
  if (run) return run.digits;
  if (written) return written.digits;
  throw noNumber(text, String(phoneNumberFault(text)));
}

/**
 * The same for what outlives the pool: digits of a number that Temporal has forgotten count where the records know them.
 *
 * @param within milliseconds in which a worker must say what the records know
 */
export async function digitsOnRecord(client: Client, text: string, within: number): Promise<string> {
  try {
    return await digitsInPool(client, text);
  } catch (error) {
    const digits = typeof text === 'string' ? readDigits(text)?.digits : undefined;
    if (digits === undefined) throw error;
    const known = await readHistory(client, digits, within).catch(() => []);
    if (known.length === 0) throw error;
    return digits;
  }
}

const noNumber = (text: unknown, fault: string) =>
  new RefusedError('InvalidMessage', `${shown(text)} is not a phone number: ${fault}.`, shown(text));

/** What was given in the place of a number, fit for a sentence. */
export function shown(text: unknown): string {
  const value = String(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim();
  return value === '' ? '(nothing)' : value.length > 40 ? `${value.slice(0, 39)}…` : value;
}
