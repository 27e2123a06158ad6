/** Meta did not answer: the network failed, the time was up, or a server on the way answered 5xx without Meta's envelope. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(
    call: string,
    /** In plain words, without the address. */
    readonly reason: string,
    /** `notSent`: the request surely never left; `unknown`: Meta may have done it. */
    readonly outcome: 'notSent' | 'unknown',
    /** Milliseconds, where a server on the way states them (`Retry-After`). */
    readonly retryAfter: number | null = null,
  ) {
    super(
      `${call}: no answer from the Graph API (${reason}); ${
        outcome === 'notSent' ? 'the request never left' : 'whether it was done is unknown'
      }`,
    );
  }
}
