/** What a sender is told in the place of 202: nothing was taken in. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    /**
     * 400 malformed · 401 not authentic · 404 no such number · 409 nothing to show yet · 429 too many · 503 try again.
     */
    readonly statusCode: 400 | 401 | 404 | 409 | 429 | 503,
    /** For the sender: never holds what was sent. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
