import type { WabaId } from '../contract/ids';
import type { GraphClient, GraphError } from './graph';

export interface CustomersTokens {
  /** The business token that the customer has granted for the WABA and that Meta was not seen to refuse, else `null`. */
  tokenOf: (wabaId: WabaId) => Promise<CustomersToken | null>;
  /** Meta has refused this one: the customer has a problem, and the call goes on with the system token. */
  refused: (token: CustomersToken, failure: TokenFailure) => Promise<void>;
  /** Hears what stops no call: that tokens could not be read, or a refusal not be noted. */
  warn: (message: string) => void;
}

export interface CustomersToken {
  wabaId: WabaId;
  token: string;
  /** Tells it from one that takes its place while a call is under way. */
  keptAt: string;
}

export interface TokenFailure {
  /** Meta's: `190/458`. */
  code: string;
  /** Meta's words, without secrets. */
  message: string;
  whatToDo: string;
}

/** The client for calls on the customer's WABA and its numbers. */
export type GraphOf = (wabaId: WabaId) => Promise<GraphClient>;

/**
 * Meta would have the customer's token used for everything on the customer's assets, and the system token for the credit
 * line (docs/rules.md, Whose token). Neither tokens that cannot be read nor one that Meta refuses holds a number up: the
 * system token does the same.
 */
export function whoseToken(system: GraphClient, { tokenOf, refused, warn }: CustomersTokens): GraphOf {
  const unless = async <Answer>(what: string, act: Promise<Answer>): Promise<Answer | null> => {
    try {
      return await act;
    } catch (error) {
      warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  return async (wabaId) => {
    const held = await unless(`The token of WABA ${wabaId} could not be read`, tokenOf(wabaId));
    if (held === null) return system;
    return system.withToken(held.token, async (error) => {
      const noting = refused(held, failureOf(error));
      await unless(`That Meta refuses the token of WABA ${wabaId} could not be noted`, noting);
    });
  };
}

function failureOf({ code, words }: GraphError): TokenFailure {
  const dead = code.startsWith('190');
  return {
    code,
    message: words,
    whatToDo: dead
      ? 'Have the customer sign up again for a new token; their numbers are looked after with the system token meanwhile.'
      : 'Have the customer sign up again and grant the WhatsApp account with all permissions that are asked for; their numbers are looked after with the system token meanwhile.',
  };
}
