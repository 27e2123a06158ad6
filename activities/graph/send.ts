import * as v from 'valibot';
import { describeRequest, type GraphRequest } from './graph-request';
import { UnreadableAnswerError } from './unreadable-answer-error';

/** Sends one call and reads its answer; throws one of this folder's errors, or the reason of the signal that stopped it. */
export type Send = <Schema extends v.GenericSchema>(
  request: GraphRequest,
  answer: Schema,
) => Promise<v.InferOutput<Schema>>;

/** Joins a transport with the reading of its answers. */
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
