/**
 * The partners who may offer a number, as Temporal's list tells them: they stand in its memo, for the search attributes
 * are fixed, and a list of a partner's numbers is not to ask each number.
 */
export const partnersIn = (memo: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
  asList(memo?.['sharedWith']);

/** What is encrypted with a key that the reader lacks names nobody. */
const asList = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);

export const partnersMemo = (sharedWith: readonly string[]) => ({ sharedWith });
