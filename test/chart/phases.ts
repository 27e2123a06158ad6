import { latestChartVersion } from '../../contract/chart-version';
import { added, confirmed, DAY, MINUTE, verifiedAt, Walk } from './walk';

const byHand = { requestCode: false, reverify: false, register: false };
/** A number by a version of the chart, the latest by default. */
const start = (chartVersion = latestChartVersion) => new Walk({ automation: byHand, chartVersion });
const waitingToVerify = (version?: number) => start(version).answer('addNumber', added());
const sendAnd = (walk: Walk, ...[name, payload]: Parameters<Walk['send']>): Walk => {
  const refused = walk.send(name, payload);
  if (refused) throw new Error(`${name} was refused with ${refused} in ${walk.state}`);
  return walk;
};
const requesting = (version?: number) => sendAnd(waitingToVerify(version), 'requestCode', {});
const codeSent = (version?: number) => requesting(version).answer('requestCode', { outcome: 'sent' });
const verifying = (version?: number) => sendAnd(codeSent(version), 'submitCode', { code: '123456' });
const verified = (version?: number) => {
  const walk = verifying(version);
  return walk.answer('verifyCode', verifiedAt(walk.time));
};
const renewable = (version?: number) => verified(version).wait(45 * DAY);
const renewing = (version?: number) => sendAnd(renewable(version), 'requestCode', {});
const lapsed = (version?: number) => verified(version).wait(90 * DAY);
const claimed = (version?: number) => sendAnd(verified(version), 'claim', { wabaId: '77', source: 'test' });
const claimConfirmed = (version?: number) => claimed(version).answer('confirmClaim', confirmed());
const claimLapsed = (version?: number) => claimConfirmed(version).wait(90 * DAY);
const claimRequesting = (version?: number) => sendAnd(claimLapsed(version), 'requestCode', {});
const wait = { handling: 'wait', retryAfter: MINUTE } as const;

/** A way to every phase of the chart. */
export const phases: Record<string, (chartVersion?: number) => Walk> = {
  'Added.adding': start,
  'Added.deferred': (version) => start(version).refuse('addNumber', wait),
  'Added.waiting': waitingToVerify,
  'Added.removing': (version) => sendAnd(waitingToVerify(version), 'remove', {}),
  'CodeRequested.requesting': requesting,
  'CodeRequested.deferred': (version) => requesting(version).refuse('requestCode', wait),
  'CodeRequested.waiting': codeSent,
  'CodeRequested.verifying': verifying,
  'CodeRequested.removing': (version) => sendAnd(codeSent(version), 'remove', {}),
  'Verified.fresh': verified,
  'Verified.renewable': renewable,
  'Verified.renewing.requesting': renewing,
  'Verified.renewing.deferred': (version) => renewing(version).refuse('requestCode', wait),
  'Verified.renewing.waiting': (version) => renewing(version).answer('requestCode', { outcome: 'sent' }),
  'Verified.renewing.verifying': (version) =>
    sendAnd(renewing(version).answer('requestCode', { outcome: 'sent' }), 'submitCode', { code: '234567' }),
  'Verified.claiming': (version) =>
    sendAnd(verified(version), 'claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' }),
  'Verified.removing': (version) => sendAnd(verified(version), 'remove', {}),
  'Unverified.waiting': lapsed,
  'Unverified.removing': (version) => sendAnd(lapsed(version), 'remove', {}),
  'Claimed.confirming': claimed,
  'Claimed.unconfirmed': (version) => claimed(version).answer('confirmClaim', { found: false, pool: null }),
  'Claimed.verified': claimConfirmed,
  'Claimed.registering': (version) => sendAnd(claimConfirmed(version), 'register', {}),
  'Claimed.lapsed': claimLapsed,
  'Claimed.requesting': claimRequesting,
  'Claimed.deferred': (version) => claimRequesting(version).refuse('requestCode', wait),
  'Claimed.waiting': (version) => claimRequesting(version).answer('requestCode', { outcome: 'sent' }),
  'Claimed.verifying': (version) =>
    sendAnd(claimRequesting(version).answer('requestCode', { outcome: 'sent' }), 'submitCode', {
      code: '234567',
    }),
  Registered: (version) =>
    sendAnd(claimConfirmed(version), 'register', {}).answer('registerNumber', { pinOurs: true }),
  Removed: (version) => waitingToVerify(version).wait(90 * DAY),
  Rejected: (version) => start(version).refuse('addNumber', {}),
};
