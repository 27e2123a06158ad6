import * as v from 'valibot';
import { UnreadableAnswerError } from './unreadable-answer-error';

/** One call of the Graph API, in the words of Meta's reference. */
export interface GraphRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path behind the version: `106540352242922/request_code`. */
  path: string;
  params?: Readonly<Record<string, string | undefined>>;
  /** In place of the client's access token: an app's, or `null` for the call that makes a token and has none to show. */
  token?: string | null;
}

/** How errors name a call: never with its parameters, which hold codes and PINs. */
export const describeRequest = ({ method, path }: GraphRequest) => `${method} /${path}`;

/** Sends one call and reads its answer; throws an error of this folder, or the reason of the signal that stopped it. */
export type Send = <Schema extends v.GenericSchema>(
  request: GraphRequest,
  answer: Schema,
) => Promise<v.InferOutput<Schema>>;

/** Adds the reading of answers to a transport. */
export function createSend(transport: (request: GraphRequest) => Promise<unknown>): Send {
  return async (request, answer) => {
    const result = v.safeParse(answer, await transport(request));
    if (result.success) return result.output;
    const where = v.getDotPath(result.issues[0]) ?? 'the whole';
    throw new UnreadableAnswerError(
      describeRequest(request),
      200,
      `${where} is not as Meta's reference says`,
    );
  };
}
