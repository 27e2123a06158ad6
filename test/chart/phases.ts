import { added, confirmed, DAY, MINUTE, verifiedAt, Walk } from './walk';

const byHand = { requestCode: false, reverify: false, register: false };
const start = () => new Walk({ automation: byHand });
const waitingToVerify = () => start().answer('addNumber', added());
const sendAnd = (walk: Walk, ...[name, payload]: Parameters<Walk['send']>): Walk => {
  const refused = walk.send(name, payload);
  if (refused) throw new Error(`${name} was refused with ${refused} in ${walk.state}`);
  return walk;
};
const requesting = () => sendAnd(waitingToVerify(), 'requestCode', {});
const codeSent = () => requesting().answer('requestCode', { outcome: 'sent' });
const verifying = () => sendAnd(codeSent(), 'submitCode', { code: '123456' });
const verified = () => {
  const walk = verifying();
  return walk.answer('verifyCode', verifiedAt(walk.time));
};
const renewable = () => verified().wait(45 * DAY);
const renewing = () => sendAnd(renewable(), 'requestCode', {});
const lapsed = () => verified().wait(90 * DAY);
/** A claim was reported, and Meta is being asked. */
export const reported = () => sendAnd(verified(), 'claim', { wabaId: '77', source: 'test' });
const claimed = () => reported().answer('confirmClaim', confirmed());
const claimLapsed = () => claimed().wait(90 * DAY);
const claimRequesting = () => sendAnd(claimLapsed(), 'requestCode', {});
const wait = { handling: 'wait', retryAfter: MINUTE } as const;

/** A way to every phase of the chart. */
export const phases: Record<string, () => Walk> = {
  'Added.adding': start,
  'Added.deferred': () => start().refuse('addNumber', wait),
  'Added.waiting': waitingToVerify,
  'Added.removing': () => sendAnd(waitingToVerify(), 'remove', {}),
  'CodeRequested.requesting': requesting,
  'CodeRequested.deferred': () => requesting().refuse('requestCode', wait),
  'CodeRequested.waiting': codeSent,
  'CodeRequested.verifying': verifying,
  'CodeRequested.removing': () => sendAnd(codeSent(), 'remove', {}),
  'Verified.fresh': verified,
  'Verified.renewable': renewable,
  'Verified.renewing.requesting': renewing,
  'Verified.renewing.deferred': () => renewing().refuse('requestCode', wait),
  'Verified.renewing.waiting': () => renewing().answer('requestCode', { outcome: 'sent' }),
  'Verified.renewing.verifying': () =>
    sendAnd(renewing().answer('requestCode', { outcome: 'sent' }), 'submitCode', { code: '234567' }),
  'Verified.claiming': () => sendAnd(verified(), 'claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' }),
  'Verified.removing': () => sendAnd(verified(), 'remove', {}),
  'Unverified.waiting': lapsed,
  'Unverified.removing': () => sendAnd(lapsed(), 'remove', {}),
  'Claimed.verified': claimed,
  'Claimed.registering': () => sendAnd(claimed(), 'register', {}),
  'Claimed.lapsed': claimLapsed,
  'Claimed.requesting': claimRequesting,
  'Claimed.deferred': () => claimRequesting().refuse('requestCode', wait),
  'Claimed.waiting': () => claimRequesting().answer('requestCode', { outcome: 'sent' }),
  'Claimed.verifying': () =>
    sendAnd(claimRequesting().answer('requestCode', { outcome: 'sent' }), 'submitCode', {
      code: '234567',
    }),
  Registered: () => sendAnd(claimed(), 'register', {}).answer('registerNumber', { pinOurs: true }),
  Removed: () => waitingToVerify().wait(90 * DAY),
  Rejected: () => start().refuse('addNumber', {}),
};
