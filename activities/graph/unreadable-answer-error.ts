/** The answer is not what Meta's reference says: no JSON, too long, or without what was asked for. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
  /** `notDone`: something that does not speak Graph answered HTTP 4xx; `unknown`: Meta may have done the call. */
  readonly outcome: 'notDone' | 'unknown';

  constructor(
    call: string,
    readonly status: number,
    readonly reason: string,
    /** Milliseconds, where the answer states them (`Retry-After`). */
    readonly retryAfter: number | null = null,
  ) {
    super(`${call}: the answer (HTTP ${String(status)}) could not be read: ${reason}`);
    this.outcome = status >= 400 && status < 500 ? 'notDone' : 'unknown';
  }
}
