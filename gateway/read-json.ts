import * as v from 'valibot';
import { describeIssue } from '../contract/messages';
import { Refused } from './http-error';

/** @throws {Refused} 400 naming the fault, without a word of what was sent */
export function readJson<Schema extends v.GenericSchema>(
  body: Buffer,
  schema: Schema,
): v.InferOutput<Schema> {
  return read(parsed(body), schema);
}

/** @throws {Refused} 400 naming the fault */
export function read<Schema extends v.GenericSchema>(value: unknown, schema: Schema): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true, message: fault });
  if (result.success) return result.output;
  throw new Refused(400, `That cannot be taken in: ${describeIssue(result.issues[0])}.`);
}

/** Instead of valibot's own words, which repeat what was received: it may be a code, and it would be logged. */
const fault = ({ received, expected }: v.BaseIssue<unknown>) =>
  received === 'undefined' ? 'is missing' : `must be ${expected ?? 'something else'}`;

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    // The parser's own words repeat what it could not read.
    throw new Refused(400, 'The body is not JSON.');
  }
}
