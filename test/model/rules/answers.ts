import {
  ask,
  askLater,
  awaitRegistration,
  endRound,
  finish,
  goBy,
  holds,
  lapse,
  mayAskAgain,
  nextTry,
  standsVerified,
  report,
  take,
  tryHeld,
  verified as becomesVerified,
} from './deeds';
import type { Ended, LifeCall, Verification } from './facts';
import { LOOKS, MINUTE, type NumberModel } from './number';
import { pass } from './time';

/** How a number goes on when its call has ended. */
export function answer(n: NumberModel, call: LifeCall, ended: Ended): void {
  n.call = null;
  const { refused } = ended;
  if (refused || ended.outcome === 'wrongCode') {
    n.failures[call] = (n.failures[call] ?? 0) + 1;
  } else n.failures[call] = 0;
  answers[call](n, ended, refused && nextTry(n, call, refused.retryAfter), refused);
  pass(n, n.at);
}

const answers: Record<
  LifeCall,
  (n: NumberModel, ended: Ended, retryAt: number | null | undefined, refused: Ended['refused']) => void
> = {
  addNumber: (n, { verification }, retryAt, refused) => {
    if (refused) {
      if (!worthAnotherTry(refused)) {
        n.endsAs = 'Rejected';
        return;
      }
      // Nothing was added.
      if (n.asked.removal && !refused.unanswered && n.reports.length === 0) {
        finish(n, 'Removed');
        return;
      }
      n.retryAt = retryAt ?? null;
      return;
    }
    n.addedAt = n.at;
    goBy(n, verification!);
    if (n.asked.removal) n.call = 'removeNumber';
    else if (n.asked.code && n.pool !== 'Verified') ask(n, false);
  },
  requestCode: (n, { outcome, verification }, retryAt, refused) => {
    if (refused) {
      n.retryAt = worthAnotherTry(refused) ? (retryAt ?? null) : null;
      // A code that was sent before lives on.
      if (n.codeAlive) tryHeld(n);
      else {
        n.sentAt = null;
        const byNeither = refused.handling === 'codeNotSent' && n.notSent;
        if (byNeither || !worthAnotherTry(refused)) endRound(n);
      }
      if (refused.handling === 'codeNotSent' && n.inRound) n.notSent = true;
    } else if (outcome === 'alreadyVerified') {
      if (!n.claim) n.gone = false;
      if (holds(n, verification!)) becomesVerified(n, verification!);
      else {
        n.sentAt = null;
        n.held = [];
        n.retryAt = n.at + 5 * MINUTE;
      }
    } else {
      // A lost answer shows nothing.
      if (!n.claim && outcome === 'sent') n.gone = false;
      n.sentAt = n.at;
      n.notSent = false;
      n.codesSent.push(n.at);
      n.wrong = [];
      n.uncheckedUntil = null;
      n.askAt = n.gotText && mayAskAgain(n) ? n.at + MINUTE : null;
      tryHeld(n);
    }
  },
  verifyCode: (n, { outcome, verification }, _, refused) => {
    if (refused) {
      n.held = [];
      const retryAfter = refused.retryAfter ?? 0;
      if (worthAnotherTry(refused) && n.codeAlive) n.uncheckedUntil = n.at + retryAfter;
      else if (worthAnotherTry(refused) && retryAfter > 0 && mayAskAgain(n)) askLater(n, n.at + retryAfter);
      else endRound(n);
    } else if (outcome === 'verified') {
      n.accepted = n.withMeta;
      if (!n.claim) n.gone = false;
      becomesVerified(n, verification!);
    } else {
      n.wrong.push(n.withMeta!);
      n.uncheckedUntil = null;
      if (n.wrong.length < 5) tryHeld(n);
      else if (mayAskAgain(n)) ask(n, true);
      else endRound(n);
    }
  },
  claimNumber: (n, { phoneNumberId }, _, refused) => {
    // One whose answer was lost may have been made.
    if (!refused || refused.unanswered) {
      const customerId = n.claiming!.customerId ?? n.reservation?.customerId ?? null;
      report(n, {
        wabaId: n.claiming!.wabaId,
        phoneNumberId: phoneNumberId ?? null,
        customerId,
        onApp: false,
        at: n.at,
      });
    }
    n.claiming = null;
  },
  registerNumber: (n, _, retryAt, refused) => {
    if (!refused) finish(n, 'Registered');
    else if (refused.handling === 'verifyFirst') {
      n.registerNotBefore = -Infinity;
      lapse(n);
    } else {
      n.retryAt = retryAt ?? null;
      n.registerNotBefore = refused.handling === 'wait' ? (retryAt ?? -Infinity) : -Infinity;
      // Meta did not count it.
      if (refused.turnedAway) n.registrations.pop();
    }
  },
  removeNumber: (n, _, __, refused) => {
    if (!refused) {
      // A report may have come meanwhile.
      n.endsAs = 'Removed';
      n.leaving = true;
      return;
    }
    n.inRound = false;
    n.retryAt = null;
  },
};

/** A look for the claim that was reported first. Every end of it counts. */
export function looked(n: NumberModel, ended: Ended): void {
  n.looking = false;
  const [first, ...others] = n.reports;
  const { refused, found, phoneNumberId, registered, verified, pin, pool } = ended;
  if (found) {
    take(n, { ...first!, phoneNumberId: phoneNumberId! }, pin!);
    if (registered) finish(n, 'Registered');
    else if (verified) {
      n.keptCode = null;
      awaitRegistration(n, first!.at);
    } else lapse(n);
  } else {
    if (!refused && n.addedAt !== null) n.gone = pool === null;
    const wait = LOOKS[first!.looks++];
    if (wait === undefined) n.reports = others;
    else first!.lookAt = n.at + Math.max(wait, refused?.retryAfter ?? 0);
  }
  pass(n, n.at);
}

/** The status that was read again, acted on where nothing is under way; `null` where the number is not in the pool. */
export function read(n: NumberModel, verification: Verification | null | 'refused'): void {
  if (verification !== 'refused') n.gone = verification === null;
  if (!verification || verification === 'refused' || n.end || n.claim || n.call || n.inRound || n.endsAs)
    return;
  if (verification.verified && !holds(n, verification)) return;
  if (verification.verified) {
    if (n.pool === 'Verified' && (verification.expiresAt ?? n.expiry) === n.expiry) return;
    // Behind our back: a code that was sent is still good for a renewal.
    standsVerified(n, verification);
  } else if (n.pool === 'Verified') goBy(n, verification);
  pass(n, n.at);
}

export function shared(n: NumberModel, refused: boolean): void {
  const [done] = n.sharing.splice(0, 1);
  if (!done || refused) return;
  n.sharedWith = n.sharedWith.filter((partner) => partner !== done.partner);
  // Nobody shares what a customer has.
  if (done.share && !n.claim) n.sharedWith.push(done.partner);
}

const worthAnotherTry = ({ handling }: { handling: string }) =>
  ['wait', 'account', 'codeNotSent'].includes(handling);
