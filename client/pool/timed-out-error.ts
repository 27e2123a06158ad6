/** No answer came in time. What was asked may still happen. */
export class TimedOutError extends Error {
  override readonly name = 'TimedOutError';

  constructor(
    message: string,
    /** Digits. */
    readonly number: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
