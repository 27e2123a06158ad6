import type { LifeCall, Said, Verification } from './facts';
import { MINUTE, type NumberModel } from './number';

export function mayAskAgain(n: NumberModel) {
  const { requestCode, reverify } = n.rules.automation;
  const own = n.claim || !n.everVerified ? requestCode : reverify;
  return own && !n.again && n.ownCodesLeft && n.retryAt === null && !n.late && !n.claim?.onApp;
}

export function ask(n: NumberModel, again: boolean): void {
  if (again || !n.codeAlive) {
    n.sentAt = null;
    n.wrong = [];
  }
  n.call = 'requestCode';
  n.inRound = true;
  n.again = again;
  n.notSent = false;
  n.held = [];
  n.accepted = null;
  n.uncheckedUntil = null;
  n.askAt = null;
  n.gotText = false;
  n.retryAt = null;
}

/** Once more, when Meta's wait is over. */
export function askLater(n: NumberModel, at: number): void {
  ask(n, true);
  n.call = null;
  n.retryAt = at;
}

export function handIn(n: NumberModel, code: string): void {
  n.inRound = true;
  n.withMeta = code;
  n.call = 'verifyCode';
}

export function tryHeld(n: NumberModel): void {
  const code = n.held.shift();
  if (code !== undefined) handIn(n, code);
}

export function endRound(n: NumberModel): void {
  n.inRound = false;
  n.sentAt = null;
  n.held = [];
  n.askAt = null;
  n.retryAt = null;
  if (n.claim) lapse(n);
}

/** Meta may say verified for a moment longer, with a time that has passed. */
export const holds = (n: NumberModel, { verified, expiresAt }: Verification) =>
  verified && (expiresAt === null || expiresAt > n.at);

/** Meta's word on a number of the pool. */
export function goBy(n: NumberModel, verification: Verification): void {
  if (holds(n, verification)) {
    verified(n, verification);
    return;
  }
  n.expiry = null;
  n.everVerified ||= verification.verified || verification.verifiedAt !== null;
  n.pool = n.everVerified ? 'Unverified' : 'Added';
}

/** It spends the code that was sent. */
export function verified(n: NumberModel, verification: Verification): void {
  n.inRound = false;
  n.sentAt = null;
  n.held = [];
  n.askAt = null;
  standsVerified(n, verification);
}

export function standsVerified(n: NumberModel, { verifiedAt, expiresAt }: Verification): void {
  n.everVerified = true;
  n.keptCode = null;
  n.retryAt = null;
  if (n.claim) {
    awaitRegistration(n, n.at);
    return;
  }
  n.pool = 'Verified';
  // Rule 5.
  n.expiry = expiresAt ?? (verifiedAt ?? n.at) + n.rules.verifiedFor;
}

export function claimIn(n: NumberModel, { wabaId, phoneNumberId, customerId, source }: Said) {
  const customer = customerId ?? n.reservation?.customerId ?? null;
  const onApp = source?.includes('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING') === true;
  return {
    wabaId: wabaId!,
    phoneNumberId: phoneNumberId ?? null,
    customerId: customer,
    onApp,
    at: n.at,
  };
}

/** Looked for at once, unless another one is being looked for; one that says the same as one before completes it. */
export function report(n: NumberModel, claim: NonNullable<NumberModel['claim']>): void {
  const same = n.reports.filter(({ wabaId, phoneNumberId }) => {
    const other =
      phoneNumberId !== null && claim.phoneNumberId !== null && phoneNumberId !== claim.phoneNumberId;
    return wabaId === claim.wabaId && !other;
  });
  for (const reported of same) {
    reported.phoneNumberId ??= claim.phoneNumberId;
    reported.customerId ??= claim.customerId;
    reported.onApp ||= claim.onApp;
    reported.lookAt = Math.min(reported.lookAt, n.at);
  }
  if (same.length === 0) n.reports.push({ ...claim, looks: 0, lookAt: n.at });
  if (!n.looking) look(n);
}

export function look(n: NumberModel): void {
  n.looking = true;
  n.reports.sort((one, other) => one.lookAt - other.lookAt);
}

/** Meta shows it: what belonged to the pool ends. */
export function take(n: NumberModel, claim: NonNullable<NumberModel['claim']>, pin: string): void {
  n.claim = claim;
  n.call = null;
  n.claiming = null;
  n.reports = [];
  n.endsAs = null;
  n.leaving = false;
  n.pin = pin;
  n.reservation = null;
  n.sharedWith = [];
  n.sharing = n.addedAt === null ? [] : n.sharing.slice(0, 1);
  forgetCode(n);
}

function forgetCode(n: NumberModel): void {
  n.inRound = false;
  n.sentAt = null;
  n.held = [];
  n.wrong = [];
  n.accepted = null;
  n.askAt = null;
  n.retryAt = null;
}

export function lapse(n: NumberModel): void {
  n.business = 'lapsed';
  forgetCode(n);
}

export function awaitRegistration(n: NumberModel, since: number): void {
  n.business = 'verified';
  n.registerBy = since + n.rules.registerWithin;
  n.retryAt = n.rules.automation.register && !n.claim!.onApp ? Math.max(n.at, n.registerNotBefore) : null;
}

export function register(n: NumberModel): void {
  n.registrations.push(n.at);
  n.retryAt = null;
  n.call = 'registerNumber';
}

export function queueSharing(n: NumberModel, change: { share: boolean; partner: string }): string | null {
  if (n.call === 'removeNumber' || n.leaving) return 'WrongState';
  const last = n.sharing.findLast(({ partner }) => partner === change.partner);
  if ((last?.share ?? n.sharedWith.includes(change.partner)) === change.share) return null;
  if (n.sharing.length >= 20) return 'BudgetSpent';
  n.sharing.push(change);
  return null;
}

/** Short waits double up to ten minutes; long ones are Meta's word. */
export function nextTry(n: NumberModel, call: LifeCall, retryAfter: number | null): number | null {
  if (retryAfter === null) return null;
  const doubled = retryAfter * 2 ** Math.min(n.failures[call]! - 1, 10);
  return n.at + Math.max(retryAfter, Math.min(doubled, 10 * MINUTE));
}

export function finish(n: NumberModel, end: 'Registered' | 'Removed' | 'Rejected'): void {
  n.end = end;
  n.call = null;
  n.endsAs = null;
  n.leaving = false;
  n.looking = false;
  n.reports = [];
  n.keptCode = null;
  n.reservation = null;
  if (end !== 'Registered') n.sharedWith = [];
}
