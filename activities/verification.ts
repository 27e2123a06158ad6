import { GraphError, type GraphClient, type PreverifiedNumber } from './graph';
import type { CodeTarget, Verification } from '../contract/number-activities';

export const NEVER_VERIFIED: Verification = { verified: false, verifiedAt: null, expiresAt: null };

export const verificationOf = ({ verified, verifiedAt, expiresAt }: PreverifiedNumber): Verification => ({
  verified,
  verifiedAt,
  expiresAt,
});

/** What Meta says of the object now. Of a business phone number it states no times. */
export async function readVerification(graph: GraphClient, target: CodeTarget): Promise<Verification> {
  if (target.kind === 'preverified') return verificationOf(await graph.getPreverifiedNumber(target.id));
  const { verified } = await graph.getPhoneNumber(target.id);
  return { verified, verifiedAt: null, expiresAt: null };
}

/** Meta answered that the object is not there: removed, or replaced by a business phone number. */
export const isGone = (error: unknown) => error instanceof GraphError && error.handling === 'gone';

export const nameTarget = ({ kind, id }: CodeTarget) =>
  kind === 'preverified' ? `pre-verified number ${id}` : `business phone number ${id}`;
