import { ask, askLater, endRound, finish, lapse, look, mayAskAgain, register } from './deeds';
import { MINUTE, type NumberModel } from './number';

/** What happens by itself until then; `late`: found out only then. */
export function pass(n: NumberModel, to: number, late = false): void {
  for (let due = nextDue(n); due <= to; due = nextDue(n)) {
    n.at = late ? to : Math.max(n.at, due);
    fire(n);
  }
  n.at = to;
}

export function nextDue(n: NumberModel): number {
  if (n.end) return Infinity;
  const dues = [n.reservation?.until, n.keptCode?.until];
  if (n.endsAs && n.reports.length === 0) return n.at;
  if (!n.looking) dues.push(...n.reports.map(({ lookAt }) => lookAt));
  // A deadline never interrupts a call in flight.
  if (!n.call && !n.endsAs) dues.push(n.deadline ?? Infinity, goesOnAt(n) ?? Infinity);
  return Math.min(...dues.map((due) => due ?? Infinity));
}

function goesOnAt(n: NumberModel) {
  if (!n.inRound || n.sentAt === null) return n.retryAt;
  return Math.min(
    n.sentAt + 10 * MINUTE,
    (n.retryAt === null && n.uncheckedUntil === null ? n.askAt : null) ?? Infinity,
  );
}

function fire(n: NumberModel): void {
  if (n.reservation && n.reservation.until <= n.at) n.reservation = null;
  if (n.keptCode && n.keptCode.until <= n.at) n.keptCode = null;
  if (!n.looking && n.reports.some(({ lookAt }) => lookAt <= n.at)) look(n);
  if (n.endsAs) {
    if (n.reports.length === 0) finish(n, n.endsAs);
    return;
  }
  if (n.call) return;
  if (n.late) {
    if (n.claim) {
      lapse(n);
      return;
    }
    if (n.pool === 'Added') {
      n.endsAs = 'Removed';
      n.inRound = false;
      return;
    }
    n.pool = 'Unverified';
    n.inRound = false;
    n.retryAt = null;
  } else if ((goesOnAt(n) ?? Infinity) <= n.at) goOn(n);
}

function goOn(n: NumberModel): void {
  if (n.inRound && n.sentAt !== null) {
    // Put off by Meta's word meanwhile.
    if (n.retryAt !== null) n.sentAt = null;
    else if (mayAskAgain(n)) {
      const waits = n.uncheckedUntil;
      if (waits !== null && waits > n.at) askLater(n, waits);
      else ask(n, true);
    } else endRound(n);
    return;
  }
  n.retryAt = null;
  // Nobody needs the code of a number that stays on the app.
  if (n.inRound && n.claim?.onApp) endRound(n);
  else if (n.inRound) {
    n.call = 'requestCode';
    n.askAt = null;
    n.gotText = false;
  } else if (!n.claim) n.call = 'addNumber';
  else if (n.claim.onApp) return;
  else if (n.at < n.registrableFrom) {
    n.retryAt = n.registrableFrom;
    n.registerNotBefore = -Infinity;
    n.failures.registerNumber = (n.failures.registerNumber ?? 0) + 1;
  } else register(n);
}

/**
 * The number asks for a code by itself: to renew inside its window (rule 3), and to be verified where it is not. When is
 * the chart's choice; that it may is checked here.
 */
export function askByItself(n: NumberModel): void {
  const { requestCode, reverify, register } = n.rules.automation;
  const where = `${n.state}.${n.phase}`;
  const may: Record<string, boolean> = {
    'Verified.renewable': reverify,
    'Added.waiting': requestCode,
    'Unverified.waiting': reverify,
    'Claimed.lapsed': register && n.claim?.onApp === false,
  };
  if (may[where] !== true || !n.ownCodesLeft || n.late)
    throw new Error(`asked for a code by itself in ${where}`);
  ask(n, false);
}
