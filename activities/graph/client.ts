import { accountCalls } from './calls/accounts';
import { creditLineCalls } from './calls/credit-lines';
import { healthCalls, healthFields } from './calls/health';
import { tokenCalls } from './calls/tokens';
import { businessPhoneNumberCalls, type ClaimDialect } from './calls/business-phone-numbers';
import { codeCalls } from './calls/codes';
import { poolCalls } from './calls/pool';
import { poolReadingCalls } from './calls/pool-reading';
import { businessPhoneNumberFields } from './business-phone-number';
import { fieldNames } from './field-names';
import { preverifiedFields } from './preverified-number';
import { createLists } from './paging';
import { createSend } from './send';
import { createTransport, type TransportOptions } from './transport';
import { withFallback, type OnRefused, type Tokens } from './with-fallback';

export interface GraphClientOptions extends TransportOptions {
  accessToken: string;
  claimDialect?: ClaimDialect | undefined;
  /** Hears what does not stop a call and yet is worth a line in the log. */
  warn?: ((message: string) => void) | undefined;
}

export type GraphClient = ReturnType<typeof poolCalls> &
  ReturnType<typeof poolReadingCalls> &
  ReturnType<typeof codeCalls> &
  ReturnType<typeof businessPhoneNumberCalls> &
  ReturnType<typeof healthCalls> &
  ReturnType<typeof accountCalls> &
  ReturnType<typeof creditLineCalls> &
  ReturnType<typeof tokenCalls> & {
    /** The same client, its calls stopped by the signal; they reject with the signal's reason. */
    stoppedBy(signal: AbortSignal): GraphClient;
    /**
     * The same client with another access token, and the `appsecret_proof` that goes with it. With `onRefused`, a call
     * that Meta refuses for the token's sake is made once more with this client's own token, and so is every later one.
     */
    withToken(accessToken: string, onRefused?: OnRefused): GraphClient;
  };

/**
 * A client of Meta's Graph API for pre-verified numbers. Its calls reject with `GraphError` (Meta says no),
 * `NoAnswerError` (no answer came) or `UnreadableAnswerError` (the answer is not Meta's). No error holds a secret.
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const transport = createTransport(options);
  const preverified = fieldNames(preverifiedFields);
  const business = fieldNames(businessPhoneNumberFields);
  const health = fieldNames(healthFields);
  const client = (token: Tokens, signal?: AbortSignal): GraphClient => {
    const send = createSend(withFallback(transport, token, signal));
    const lists = createLists(send, options.warn ?? ignore);
    return {
      ...poolCalls(send, lists),
      ...poolReadingCalls(send, lists, preverified),
      ...codeCalls(send),
      ...businessPhoneNumberCalls(send, lists, business, options.claimDialect ?? 'sdk'),
      ...healthCalls(send, health),
      ...accountCalls(send, lists),
      ...creditLineCalls(send, lists),
      ...tokenCalls(send),
      stoppedBy: (stop) => client(token, stop),
      withToken: (accessToken, onRefused) =>
        client(
          onRefused ? { own: token.own, first: { accessToken, onRefused } } : { own: accessToken },
          signal,
        ),
    };
  };
  return client({ own: options.accessToken });
}

const ignore = () => undefined;
