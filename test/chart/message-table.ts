import type { MessageName, MessagePayload } from '../../contract/messages';

/** A message as somebody new would send it: another code, another customer, another WABA than those before. */
export const samples: { [Name in MessageName]: MessagePayload<Name> } = {
  requestCode: { by: 'test' },
  submitCode: { code: '999-999' },
  reserve: { customerId: 'carol' },
  release: {},
  claim: { wabaId: '88', source: 'test' },
  claimFor: { wabaId: '88', verifiedName: 'Lucky Shrub' },
  register: { pin: '123456' },
  share: { partnerBusinessId: '5' },
  unshare: { partnerBusinessId: '5' },
  remove: {},
  endClaim: { wabaId: '88' },
  receiveCode: { text: 'WhatsApp code 999-999' },
  takeCode: {},
  refresh: {},
};

/**
 * Columns: requestCode, submitCode, reserve, release, claim, claimFor, register, share, unshare, remove, endClaim,
 * receiveCode, takeCode, refresh.
 * + accepted · - WrongState · E TooEarlyToReverify · C AlreadyClaimed
 */
export const table: Record<string, string> = {
  'Added.adding': '+-+++--+++----',
  'Added.deferred': '+-+++--+++----',
  'Added.waiting': '+-+++--+++---+',
  'Added.removing': '---++----+----',
  'CodeRequested.requesting': '+++++--+++-+-+',
  'CodeRequested.deferred': '+-+++--+++---+',
  'CodeRequested.waiting': '+++++--+++-+-+',
  'CodeRequested.verifying': '+++++--+++-+-+',
  'CodeRequested.removing': '---++----+----',
  'Verified.fresh': 'E-++++-+++---+',
  'Verified.renewable': '+-++++-+++---+',
  'Verified.renewing.requesting': '++++++-+++-+-+',
  'Verified.renewing.deferred': '+-++++-+++---+',
  'Verified.renewing.waiting': '++++++-+++-+-+',
  'Verified.renewing.verifying': '++++++-+++-+-+',
  'Verified.claiming': '---++--++----+',
  'Verified.removing': '---++----+----',
  'Unverified.waiting': '+-+++--+++-+-+',
  'Unverified.removing': '---++----+-+--',
  'Claimed.verified': '--CCCC+CCC---C',
  'Claimed.registering': '--CCCC-CCC---C',
  'Claimed.lapsed': '+-CCCC-CCC-+-C',
  'Claimed.requesting': '++CCCC-CCC-+-C',
  'Claimed.deferred': '+-CCCC-CCC-+-C',
  'Claimed.waiting': '++CCCC-CCC-+-C',
  'Claimed.verifying': '++CCCC-CCC-+-C',
  Registered: '--CCCC-CCC---C',
  Removed: '--------------',
  Rejected: '--------------',
};

export const refusals = {
  '+': null,
  '-': 'WrongState',
  E: 'TooEarlyToReverify',
  C: 'AlreadyClaimed',
} as const;
