import { ask, claimIn, finish, handIn, mayAskAgain, queueSharing, register, report } from './deeds';
import type { Said } from './facts';
import { MINUTE, type NumberModel } from './number';
import { pass } from './time';

/** Messages about a number of the pool: a claimed one is not in it any more. */
const ofThePool = ['claim', 'claimFor', 'reserve', 'release', 'share', 'unshare', 'remove', 'refresh'];

/** What a message does to a number; gives the type of its refusal, or `null`. */
export function send(n: NumberModel, said: Said): string | null {
  if (n.claim && n.end !== 'Removed' && ofThePool.includes(said.type) && !repeatsClaim(n, said))
    return 'AlreadyClaimed';
  if (n.end) return 'WrongState';
  const refused = messages[said.type]!(n, said);
  if (refused === null) pass(n, n.at);
  return refused;
}

function repeatsClaim(n: NumberModel, said: Said): boolean {
  if (n.end || !n.claim) return false;
  if (said.type === 'claimFor') return said.wabaId === n.claim.wabaId;
  return said.type === 'claim' && saysSame(n.claim, said);
}

function saysSame(claim: NonNullable<NumberModel['claim']>, said: Said): boolean {
  const known = claim.phoneNumberId;
  const other = said.phoneNumberId !== undefined && known !== null && said.phoneNumberId !== known;
  return said.wabaId === claim.wabaId && !other;
}

const messages: Record<string, (n: NumberModel, said: Said) => string | null> = {
  requestCode: (n) => {
    if (n.endsAs) return 'WrongState';
    if (n.pool === 'adding' && !n.claim) {
      n.asked.code = true;
      n.retryAt = null;
      n.call = 'addNumber';
    } else if (n.call === 'requestCode' || n.call === 'verifyCode') {
      // Joins the one under way.
    } else if (n.call) return 'WrongState';
    else if (n.claim && !n.inRound && n.business !== 'lapsed') return 'WrongState';
    else if (!n.claim && n.pool === 'Verified' && !n.inRound && !n.renewable) return 'TooEarlyToReverify';
    else ask(n, false);
    return null;
  },
  submitCode: (n, { code }) => {
    if (n.call === 'verifyCode' && code === n.withMeta) return null;
    const comes = n.call === 'requestCode' || n.call === 'verifyCode';
    const usable = !n.endsAs && (comes || (n.call === null && n.codeAlive && n.phase !== 'fresh'));
    if (!usable && code === n.accepted) return null;
    if (n.wrong.includes(code!)) return 'WrongCode';
    if (!usable) return 'WrongState';
    if (!comes) {
      n.held = n.held.filter((other) => other !== code);
      handIn(n, code!);
    } else if (!n.held.includes(code!)) {
      if (n.held.length >= 5) return 'BudgetSpent';
      n.held.push(code!);
    }
    return null;
  },
  receiveCode: (n, said) => {
    if (said.code === undefined) {
      if (n.call === 'requestCode') n.gotText = true;
      else if (n.call || !n.inRound || n.endsAs || n.step !== 'waiting') return 'InvalidMessage';
      // Another code is asked for in a minute, if none comes.
      else if (mayAskAgain(n)) n.askAt ??= n.at + MINUTE;
      return null;
    }
    const refused = messages['submitCode']!(n, said);
    if (refused !== 'WrongState' && refused !== 'BudgetSpent') return refused;
    // Only where whoever takes the number has to enter one.
    if (!n.needsCode) return 'WrongState';
    n.keptCode = { code: said.code, until: n.at + 10 * MINUTE };
    return null;
  },
  takeCode: (n, { customerId }) => {
    const holders = [undefined, n.reservation?.customerId, n.claim?.customerId];
    if (!n.keptCode || !holders.includes(customerId)) return 'WrongState';
    n.keptCode = null;
    return null;
  },
  reserve: (n, { customerId, ttl }) => {
    if (n.call === 'removeNumber' || n.call === 'claimNumber' || n.leaving) return 'WrongState';
    if (n.heldByAnother(customerId)) return 'Reserved';
    if (n.gone) return 'NotInPool';
    if (n.reportedForAnother(customerId)) return 'Reserved';
    n.reservation = { customerId: customerId!, until: n.at + ttl! };
    return null;
  },
  release: (n, { customerId }) => {
    if (customerId !== undefined && n.heldByAnother(customerId)) return 'Reserved';
    n.reservation = null;
    return null;
  },
  claim: (n, said) => {
    const { claim } = n;
    if (claim) {
      claim.customerId ??= said.customerId ?? null;
      claim.onApp ||= claimIn(n, said).onApp;
      // Nobody may register it any more.
      if (n.call === 'registerNumber' && claimIn(n, said).onApp) n.call = null;
      return null;
    }
    report(n, claimIn(n, said));
    return null;
  },
  claimFor: (n, said) => {
    if (n.claim || (n.call === 'claimNumber' && said.wabaId === n.claiming?.wabaId)) return null;
    if (n.pool !== 'Verified' || n.leaving) return 'WrongState';
    if (n.call === 'removeNumber' || n.call === 'claimNumber') return 'WrongState';
    if (n.heldByAnother(said.customerId) || n.reportedForAnother(said.customerId)) return 'Reserved';
    const customerId = said.customerId ?? n.reservation?.customerId ?? null;
    n.claiming = { wabaId: said.wabaId!, customerId };
    n.inRound = false;
    n.retryAt = null;
    n.call = 'claimNumber';
    return null;
  },
  register: (n, { pin }) => {
    if (n.call === 'registerNumber') return pin === undefined || pin === n.pin ? null : 'WrongState';
    if (!n.claim || n.phase !== 'verified' || n.claim.onApp) return 'WrongState';
    if (n.at < n.registrableFrom) return 'BudgetSpent';
    n.pin = pin ?? n.pin;
    register(n);
    return null;
  },
  share: (n, { partnerBusinessId: partner }) => queueSharing(n, { share: true, partner: partner! }),
  unshare: (n, { partnerBusinessId: partner }) => queueSharing(n, { share: false, partner: partner! }),
  remove: (n) => {
    if (n.call === 'removeNumber' || n.leaving) return null;
    if (n.call === 'claimNumber' || n.endsAs) return 'WrongState';
    if (n.pool === 'adding' && n.call && n.asked.removal) return null;
    // A customer may have it.
    if (n.reports.length > 0) return 'Reserved';
    if (n.pool !== 'adding') n.call = 'removeNumber';
    else if (n.call) n.asked.removal = true;
    else finish(n, 'Removed');
    return null;
  },
  endClaim: (n, { wabaId }) => {
    if (!n.claim || n.claim.wabaId !== wabaId) return 'WrongState';
    finish(n, 'Removed');
    return null;
  },
  refresh: (n) => (n.addedAt === null || n.call === 'removeNumber' || n.leaving ? 'WrongState' : null),
};
