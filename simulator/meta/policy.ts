/** Meta's periods, in milliseconds (docs/rules.md, Rules of time). */
export interface Policy {
  /** Rule 1: an added number that is never verified leaves the pool. */
  removeUnverifiedAfter: number;
  /** Rule 2: an unclaimed number stays verified. */
  verifiedFor: number;
  /** Rule 3: the time before expiry in which it can be verified again. */
  reverifyWindow: number;
  /** Rule 4: a claimed number stays verified without being registered. */
  registerWithin: number;
}

/** The periods of the document, 90, 90, 45 and 90 days. @param day length of a policy day in milliseconds */
export const policyOf = (day: number): Policy => ({
  removeUnverifiedAfter: 90 * day,
  verifiedFor: 90 * day,
  reverifyWindow: 45 * day,
  registerWithin: 90 * day,
});
