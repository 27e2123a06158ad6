import { accountCalls } from './calls/accounts';
import { businessPhoneNumberCalls, type ClaimDialect } from './calls/business-phone-numbers';
import { codeCalls } from './calls/codes';
import { poolCalls } from './calls/pool';
import { poolReadingCalls, type FieldNames } from './calls/pool-reading';
import { createSend } from './send';
import { createTransport, type TransportOptions } from './transport';

export interface GraphClientOptions extends TransportOptions {
  claimDialect?: ClaimDialect | undefined;
}

export type GraphClient = ReturnType<typeof poolCalls> &
  ReturnType<typeof poolReadingCalls> &
  ReturnType<typeof codeCalls> &
  ReturnType<typeof businessPhoneNumberCalls> &
  ReturnType<typeof accountCalls> & {
    /** The same client, its calls stopped by the signal; they reject with the signal's reason. */
    stoppedBy(signal: AbortSignal): GraphClient;
  };

/**
 * A client of Meta's Graph API for pre-verified numbers. Its calls reject with `GraphError` (Meta says no),
 * `NoAnswerError` (no answer came) or `UnreadableAnswerError` (the answer is not Meta's). No error holds a secret.
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const transport = createTransport(options);
  const names: FieldNames = { preverified: 'sdk' };
  const client = (signal?: AbortSignal): GraphClient => {
    const send = createSend((request) => transport(request, signal));
    return {
      ...poolCalls(send),
      ...poolReadingCalls(send, names),
      ...codeCalls(send),
      ...businessPhoneNumberCalls(send, options.claimDialect ?? 'sdk'),
      ...accountCalls(send),
      stoppedBy: client,
    };
  };
  return client();
}
