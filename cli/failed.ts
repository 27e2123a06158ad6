/** The command did what it could, and not all was done: its own words say so, the exit code is 1. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

/** One sentence for a person: what happened and, where it is known, what to do. No stack. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Temporal's own errors say what was tried; their cause says what the server answered.
  const { cause } = error as { cause?: { details?: unknown } };
  const details = typeof cause?.details === 'string' ? `: ${cause.details}` : '';
  return `${error.message}${error.name === 'ServiceError' ? details : ''}`;
}
