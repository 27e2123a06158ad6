import { readCode } from '../../contract/code';
import { readMessage, type MessageName } from '../../contract/messages';
import type { Said } from './rules/facts';

/** A message as the model hears it, `null` where it is not understood. */
export function heard(name: string, payload: unknown): Said | null {
  const read = readMessage(name as MessageName, payload);
  if (!read.ok) return null;
  const { text, ...said } = read.message as Said & { text?: string };
  return { ...said, type: name, code: text === undefined ? said.code : (readCode(text) ?? undefined) };
}
