/**
 * Something that a person can mend keeps a command from starting. The message is for that person, what is wrong and what
 * to do about it; a command prints it without a stack and exits with 1.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';

  constructor(
    readonly fault: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${fault}: ${remedy}`, options);
  }
}
