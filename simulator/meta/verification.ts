/** Both in epoch milliseconds and on whole seconds, for Meta states seconds: what it states and what it enforces agree. */
export interface Verification {
  verifiedAt: number;
  expiresAt: number;
}

export function verificationFrom(now: number, verifiedFor: number): Verification {
  const verifiedAt = Math.floor(now / 1000) * 1000;
  return { verifiedAt, expiresAt: Math.ceil((verifiedAt + verifiedFor) / 1000) * 1000 };
}
