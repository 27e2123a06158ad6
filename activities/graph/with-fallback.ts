import { GraphError } from './graph-error';
import type { GraphRequest } from './send';

/** Hears that Meta has refused the first token; the calls go on once it settles. Must not reject. */
export type OnRefused = (error: GraphError) => Promise<void>;

export interface Tokens {
  own: string;
  /** Goes before `own`, until Meta refuses it. */
  first?: { accessToken: string; onRefused: OnRefused };
}

type Transport = (request: GraphRequest, accessToken: string, signal?: AbortSignal) => Promise<unknown>;

/** The token is dead, or may not do it (docs/rules.md, Errors). */
const isRefused = ({ code }: GraphError) => /^(10|190|2\d\d)(\/|$)/.test(code);
/** The object is not there, or the token may not see it: another token tells which. */
const isUnseen = ({ code }: GraphError) => /^(100\/33|803)$/.test(code);

/**
 * Makes each call with the first token. A call that Meta refuses for its sake has done nothing, so it is made once more
 * with the client's own, and its answer counts, whatever it is; the first token is not tried again.
 */
export function withFallback(transport: Transport, { own, first }: Tokens, signal?: AbortSignal) {
  let left = first;
  const giveUp = async (error: GraphError) => {
    const given = left;
    left = undefined;
    await given?.onRefused(error);
  };
  return async (request: GraphRequest): Promise<unknown> => {
    if (!left || request.token !== undefined) return transport(request, own, signal);
    try {
      return await transport(request, left.accessToken, signal);
    } catch (error) {
      if (!(error instanceof GraphError) || !(isRefused(error) || isUnseen(error))) throw error;
      if (isRefused(error)) await giveUp(error);
      const answer = await transport(request, own, signal);
      await giveUp(error);
      return answer;
    }
  };
}
