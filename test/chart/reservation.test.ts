import type { MessagePayload } from '../../contract/messages';
import { REPORTS_PER_RESERVATION } from '../../contract/policy';
import { added, confirmed, MINUTE, verifiedAt, Walk } from './walk';

/** A verified number that alice holds, and the ID of her reservation. */
function held() {
  const walk = new Walk({ automation: { reverify: false } }).answer('addNumber', added());
  walk.answer('requestCode', { outcome: 'sent' });
  walk.send('submitCode', { code: '123456' });
  walk.answer('verifyCode', verifiedAt(walk.time));
  walk.send('reserve', { customerId: 'alice' });
  return { walk, reservationId: walk.context.reservation!.id };
}

const claim = (
  reservationId: string,
  change: Partial<MessagePayload<'claim'>> = {},
): MessagePayload<'claim'> => ({
  wabaId: '77',
  customerId: 'alice',
  source: 'signup FINISH',
  reservationId,
  ...change,
});
const stillInPool = { found: false, pool: { verified: true, verifiedAt: null, expiresAt: null } } as const;

describe('a reservation', () => {
  test('stays the same one while its holder reserves again, and is another one after an end', () => {
    const { walk, reservationId } = held();
    walk.wait(MINUTE).send('reserve', { customerId: 'alice' });
    expect(walk.context.reservation).toMatchObject({ id: reservationId, until: walk.time + 30 * MINUTE });
    walk.send('release', {});
    walk.send('reserve', { customerId: 'alice' });
    expect(walk.context.reservation!.id).not.toBe(reservationId);
  });

  test('that ends and is followed by another at one moment has another ID', () => {
    const { walk, reservationId } = held();
    walk.send('release', { reservationId });
    walk.send('reserve', { customerId: 'bob' });
    expect(walk.context.reservation!.id).not.toBe(reservationId);
  });
});

describe.each([
  ['is free', () => undefined],
  ['is held by another', (walk: Walk) => walk.send('reserve', { customerId: 'bob' })],
  ['is held by the same customer anew', (walk: Walk) => walk.send('reserve', { customerId: 'alice' })],
  [
    'is said to be taken by another',
    (walk: Walk) => {
      walk.send('reserve', { customerId: 'bob' });
      walk.send('claim', claim(walk.context.reservation!.id, { customerId: 'bob' }));
    },
  ],
  [
    'was taken by another',
    (walk: Walk) => {
      walk.send('reserve', { customerId: 'bob' });
      walk.send('claim', claim(walk.context.reservation!.id, { customerId: 'bob' }));
      walk.answer('confirmClaim', confirmed());
    },
  ],
])('once its reservation has ended and the number %s, a session', (_, then) => {
  const after = () => {
    const { walk, reservationId } = held();
    walk.send('release', { reservationId });
    then(walk);
    walk.send('receiveCode', { text: 'WhatsApp code 123-457' });
    return { walk, reservationId };
  };

  test.each([
    ['claims', (id: string) => ['claim', claim(id)] as const],
    ['claims for another WABA', (id: string) => ['claim', claim(id, { wabaId: '88' })] as const],
    ['releases', (id: string) => ['release', { customerId: 'alice', reservationId: id }] as const],
    ['takes a code', (id: string) => ['takeCode', { customerId: 'alice', reservationId: id }] as const],
    ['has the status read', (id: string) => ['refresh', { reservationId: id }] as const],
  ])('%s in vain, and nothing changes', (_what, message) => {
    const { walk, reservationId } = after();
    const before = JSON.stringify(walk.now);
    const [name, payload] = message(reservationId);
    expect(['ReservationEnded', 'AlreadyClaimed']).toContain(walk.send(name, payload));
    expect(JSON.stringify(walk.now)).toBe(before);
  });
});

test('a customer whose claim Meta has shown still gets a code by the session that took the number', () => {
  const { walk, reservationId } = held();
  walk.send('claim', claim(reservationId));
  walk.answer('confirmClaim', confirmed({ verified: false }));
  walk.send('receiveCode', { text: 'WhatsApp code 123-457' });
  const asked = walk.send('takeCode', { customerId: 'alice', reservationId });
  expect(asked).not.toBe('ReservationEnded');
  expect(walk.send('claim', claim(reservationId))).toBeNull();
});

describe('reports of one reservation', () => {
  test('are looked at even where they contradict one that is open', () => {
    const { walk, reservationId } = held();
    walk.send('claim', claim(reservationId));
    expect(walk.send('claim', claim(reservationId, { wabaId: '88' }))).toBeNull();
    walk.answer('confirmClaim', stillInPool).wait(1);
    expect(walk.now.children['confirmClaim']?.input).toMatchObject({ wabaId: '88' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.context.claim).toMatchObject({ wabaId: '88', reservationId });
  });

  test('are a few at a time, of which a repeat is no other; those of others are not counted', () => {
    const { walk, reservationId } = held();
    for (let n = 0; n < REPORTS_PER_RESERVATION; n++)
      expect(walk.send('claim', claim(reservationId, { wabaId: String(100 + n) }))).toBeNull();
    expect(walk.send('claim', claim(reservationId, { wabaId: '88' }))).toBe('BudgetSpent');
    expect(walk.send('claim', claim(reservationId, { wabaId: '100' }))).toBeNull();
    expect(walk.send('claim', { wabaId: '88', source: 'findClaims' })).toBeNull();
  });

  test('keep the number no longer than the reservation, once Meta has shown it in the pool', () => {
    const { walk, reservationId } = held();
    walk.send('claim', claim(reservationId));
    walk.send('release', { reservationId });
    expect(walk.send('reserve', { customerId: 'bob' })).toBe('Reserved');
    walk.answer('confirmClaim', stillInPool);
    expect(walk.send('reserve', { customerId: 'bob' })).toBeNull();
    // Still looked for: Meta may show it later, and then it is a fact.
    walk.wait(MINUTE).answer('confirmClaim', confirmed());
    expect(walk.context.claim).toMatchObject({ customerId: 'alice' });
    expect(walk.context.problem).toMatchObject({ code: 'ReservedForAnother' });
  });

  test('of others keep it until Meta has been asked to the end', () => {
    const { walk } = held();
    walk.send('release', {});
    walk.send('claim', { wabaId: '77', source: 'findClaims' });
    walk.answer('confirmClaim', stillInPool);
    expect(walk.send('reserve', { customerId: 'bob' })).toBe('Reserved');
  });
});
