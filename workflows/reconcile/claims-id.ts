/** One look at a WABA at a time. */
export const claimsIdOf = (wabaId: string) => `claims:${wabaId}`;
