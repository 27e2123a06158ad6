import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { describeIssue } from '../contract/messages';
import { HttpError } from './http-error';

/** Keeps bodies as the bytes that were signed, whatever type they claim to be. */
export function keepRawBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

/** The body of a request to such a server; empty where there was none. */
export function rawBody(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** @throws {HttpError} 400 naming the fault, without a word of what was sent */
export function readJson<Schema extends v.GenericSchema>(
  body: Buffer,
  schema: Schema,
): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = parseJson(body.toString());
  } catch {
    // The parser's own message repeats what it could not read.
    throw new HttpError(400, 'The body is not JSON.');
  }
  return read(value, schema);
}

/** @throws {HttpError} 400 naming the fault, without a word of what was sent */
export function read<Schema extends v.GenericSchema>(value: unknown, schema: Schema): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true, message: fault });
  if (result.success) return result.output;
  const [issue] = result.issues;
  // The name of such a field is the sender's own word.
  const unknown = issue.type === 'strict_object' && issue.expected === 'never';
  const why = unknown ? 'it has a field that is none of its own' : describeIssue(issue);
  throw new HttpError(400, `The request was not understood: ${why}.`);
}

/** In place of valibot's own messages: those repeat the value, which may be a code, and they are logged. */
const fault = ({ received, expected }: v.BaseIssue<unknown>) =>
  received === 'undefined' ? 'is missing' : `must be ${expected ?? 'something else'}`;

/**
 * Parses JSON, but keeps integers of 16 digits and more as strings: Meta's IDs have up to 17 digits, senders write them as
 * numbers, and `JSON.parse` rounds those beyond 2^53 to the ID of another object.
 *
 * @throws an error whose message repeats what could not be read
 */
export function parseJson(json: string): unknown {
  const exact = /\d{16}/.test(json) ? json.replace(stringOrNumber, quoteLongInteger) : json;
  return JSON.parse(exact) as unknown;
}

/**
 * A string that is never closed is one match to the end. Were it none, each later quotation mark of it would be tried as a
 * string's beginning and read to the end again: seconds for 64 KiB, of anybody who may send a body.
 */
const stringOrNumber = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d[\d.eE+-]*/g;
const quoteLongInteger = (token: string) => (/^[1-9]\d{15,}$/.test(token) ? `"${token}"` : token);
