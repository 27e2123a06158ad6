/** An answer came that is not what Meta's reference says: no JSON, too long, or without what was asked for. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
  /** `notDone`: a refusal (HTTP 4xx) by something that does not speak Graph; `unknown`: Meta may have done it. */
  readonly outcome: 'notDone' | 'unknown';

  constructor(
    call: string,
    readonly status: number,
    readonly reason: string,
  ) {
    super(`${call}: the answer (HTTP ${String(status)}) could not be read: ${reason}`);
    this.outcome = status >= 400 && status < 500 ? 'notDone' : 'unknown';
  }
}
