import { FetchError, type Response } from 'node-fetch';
import { readErrorEnvelope } from './error-envelope';
import { NoAnswerError } from './no-answer-error';
import { statedWaits } from './stated-waits';
import { UnreadableAnswerError } from './unreadable-answer-error';

/**
 * The JSON of an answer. Throws what Meta's error envelope says, whatever the HTTP status. A 5xx without an envelope
 * comes from a server on the way, so nobody knows what Meta did.
 */
export async function readAnswer(
  response: Response,
  call: string,
  secrets: readonly string[],
): Promise<unknown> {
  const { status, headers } = response;
  const text = await readText(response, call);
  const body = parseJson(text);
  const waits = statedWaits(headers);
  const error = readErrorEnvelope(body, { call, waits, secrets });
  if (error) throw error;
  const { retryAfter } = waits;
  if (status >= 500) throw new NoAnswerError(call, `HTTP ${String(status)}`, 'unknown', retryAfter);
  if (body === undefined) throw new UnreadableAnswerError(call, status, 'it is not JSON', retryAfter);
  if (!response.ok) throw new UnreadableAnswerError(call, status, "it holds no error of Meta's", retryAfter);
  return body;
}

async function readText(response: Response, call: string): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    const tooLong = error instanceof FetchError && error.type === 'max-size';
    throw tooLong ? new UnreadableAnswerError(call, response.status, 'it is too long') : error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
