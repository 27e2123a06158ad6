import type { PhoneNumberId } from '../../contract/ids';
import type { GraphFailure } from '../../contract/graph-failure';
import { unansweredEnd } from '../../workflows/number/call-end';
import { START } from './life-walk';
import { added, confirmed, DAY, MINUTE, verifiedAt, Walk } from './walk';

const byHand = { requestCode: false, reverify: false, register: false };

function verifiedNumber(automation: Partial<typeof byHand> = byHand, phoneNumber = '15550783881') {
  const walk = new Walk({ phoneNumber, automation: { ...automation, requestCode: true } });
  walk.answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
  walk.send('submitCode', { code: '123-456' });
  return walk.answer('verifyCode', verifiedAt(walk.time));
}

function claimedNumber(automation: Partial<typeof byHand> = byHand) {
  const walk = verifiedNumber(automation);
  walk.send('claim', { wabaId: '77', source: 'test' });
  return walk.answer('confirmClaim', confirmed());
}

test('a number with full automation needs a code and a claim to be registered', () => {
  const walk = new Walk();
  expect(walk.state).toBe('Added.adding');
  walk.answer('addNumber', added());
  expect(walk.state).toBe('CodeRequested.requesting');
  walk.answer('requestCode', { outcome: 'sent' });
  expect(walk.state).toBe('CodeRequested.waiting');
  expect(walk.send('submitCode', { code: 'WhatsApp code 123-456' })).toBeNull();
  expect(walk.state).toBe('CodeRequested.verifying');
  walk.answer('verifyCode', verifiedAt(START));
  expect(walk.state).toBe('Verified.fresh');
  expect(walk.send('claim', { wabaId: '77', source: 'test' })).toBeNull();
  expect(walk.state).toBe('Verified.fresh');
  walk.answer('confirmClaim', confirmed()).wait(0);
  expect(walk.state).toBe('Claimed.registering');
  walk.answer('registerNumber', { pinOurs: true });
  expect(walk.state).toBe('Registered');
  expect(walk.now.timers).toEqual({});
});

test("a change of state that Meta makes on a message is the doing of its sender; one that nobody asked for is nobody's", () => {
  const walk = new Walk({ automation: byHand }).answer('addNumber', added());
  walk.send('requestCode', { by: 'alice' });
  walk.answer('requestCode', { outcome: 'sent' });
  walk.send('submitCode', { code: '123456', by: 'the phone' });
  walk.answer('verifyCode', verifiedAt(walk.time)).wait(90 * DAY);
  walk.send('remove', { by: 'bob' });
  walk.answer('removeNumber', null as never);
  const changes = walk.life.record().transitions.map(({ to, by }) => [to, by]);
  expect(changes).toEqual([
    ['CodeRequested', 'alice'],
    ['Verified', 'the phone'],
    ['Unverified', null],
    ['Removed', 'bob'],
  ]);
});

test("Meta's refusal is nobody's doing, and what its answer begins neither", () => {
  const walk = new Walk({ automation: byHand }).answer('addNumber', added());
  walk.send('requestCode', { by: 'alice' });
  // It comes while the request is under way, and is handed in once Meta has answered that.
  walk.send('submitCode', { code: '123456', by: 'the phone' });
  walk.answer('requestCode', { outcome: 'sent' }).answer('verifyCode', verifiedAt(walk.time));
  const other = new Walk({ automation: byHand }).answer('addNumber', added());
  other.send('requestCode', { by: 'alice' });
  other.refuse('requestCode', {});
  const last = ({ life }: Walk) => life.record().transitions.at(-1);
  expect(last(walk)).toMatchObject({ to: 'Verified', by: null });
  expect(last(other)).toMatchObject({ to: 'Added', by: null });
});

describe('an unverified number', () => {
  test('leaves the pool 90 days after Meta added it, not a millisecond earlier (rule 1)', () => {
    const walk = new Walk({ automation: byHand });
    walk.wait(3 * DAY).answer('addNumber', added());
    walk.wait(90 * DAY - 1);
    expect(walk.state).toBe('Added.waiting');
    walk.wait(1);
    expect(walk.state).toBe('Removed');
  });

  test('leaves it while it waits for a code too', () => {
    const walk = new Walk({ automation: byHand }).answer('addNumber', added());
    walk.wait(90 * DAY - 5 * MINUTE);
    walk.send('requestCode', {});
    walk.answer('requestCode', { outcome: 'sent' }).wait(5 * MINUTE);
    expect(walk.state).toBe('Removed');
  });

  test('a deadline does not interrupt a call in flight: it acts on its answer', () => {
    const walk = new Walk({ automation: byHand }).answer('addNumber', added());
    walk.wait(90 * DAY - MINUTE);
    walk.send('requestCode', {});
    walk.answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    walk.wait(2 * MINUTE);
    expect(walk.state).toBe('CodeRequested.verifying');
    walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    expect(walk.state).toBe('Removed');
  });
});

describe('a number that is to be removed before it was added', () => {
  const full = { handling: 'account', code: '100', retryAfter: 60 * MINUTE } as const;
  const toBeRemoved = () => {
    const walk = new Walk();
    expect(walk.send('remove', {})).toBeNull();
    return walk;
  };

  test('ends once Meta refuses to add it for now, instead of being added and removed later', () => {
    expect(toBeRemoved().refuse('addNumber', full).state).toBe('Removed');
  });

  test('is added, and then removed, where the answer was lost: Meta may have it', () => {
    const walk = toBeRemoved().refuse('addNumber', { ...full, unanswered: true });
    expect(walk.state).toBe('Added.deferred');
    walk.wait(60 * MINUTE).answer('addNumber', added());
    expect(walk.state).toBe('Added.removing');
  });

  test('stays while a customer is said to have it', () => {
    const walk = toBeRemoved();
    walk.send('claim', { wabaId: '77', source: 'test' });
    expect(walk.refuse('addNumber', full).state).toBe('Added.deferred');
  });
});

describe('a verified number', () => {
  test('cannot be verified anew before its last 45 days (rule 3)', () => {
    const walk = verifiedNumber();
    walk.wait(45 * DAY - 1);
    expect(walk.send('requestCode', {})).toBe('TooEarlyToReverify');
    walk.wait(1);
    expect(walk.state).toBe('Verified.renewable');
    expect(walk.send('requestCode', {})).toBeNull();
    expect(walk.state).toBe('Verified.renewing.requesting');
  });

  test('lapses when its verification expires, unless renewed (rule 2)', () => {
    const walk = verifiedNumber();
    walk.wait(90 * DAY - 1);
    expect(walk.state).toBe('Verified.renewable');
    walk.wait(1);
    expect(walk.state).toBe('Unverified.waiting');
    expect(walk.context.deadline).toBeNull();
  });

  test("goes by Meta's own expiry where it differs from arithmetic (rule 5)", () => {
    const walk = new Walk({ automation: { ...byHand, requestCode: true } });
    walk.answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    walk.answer('verifyCode', verifiedAt(START, START + 28 * DAY));
    // 28 days are less than the window: it can be renewed at once.
    expect(walk.state).toBe('Verified.renewable');
    walk.wait(28 * DAY);
    expect(walk.state).toBe('Unverified.waiting');
  });

  const renewing = () => {
    const walk = verifiedNumber({ reverify: true, register: false });
    walk.wait(45 * DAY);
    expect(walk.state).toBe('Verified.renewable');
    walk.wait(22.5 * DAY);
    expect(walk.state).toBe('Verified.renewing.requesting');
    return walk;
  };

  test('renews itself in the first half of its window, and starts anew', () => {
    const walk = renewing();
    walk.answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '222222' });
    walk.answer('verifyCode', verifiedAt(walk.time));
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context.verificationExpiresAt).toBe(walk.time + 90 * DAY);
  });

  test('renews at a place of its own, so that numbers added together do not ask together', () => {
    const days = new Set(
      Array.from({ length: 50 }, (_, index) => {
        const walk = verifiedNumber({ reverify: true, register: false }, `155507838${String(10 + index)}`);
        walk.wait(45 * DAY);
        return Math.floor((walk.context.resumeAt! - START) / DAY);
      }),
    );
    expect(days.size).toBeGreaterThan(15);
    expect(Math.min(...days)).toBeGreaterThanOrEqual(45);
    expect(Math.max(...days)).toBeLessThanOrEqual(67);
  });

  test('that Meta calls too young to renew is asked about again later, not in a circle', () => {
    const walk = renewing();
    const expiry = START + 90 * DAY;
    const asked = walk.time;
    walk.answer('requestCode', {
      outcome: 'alreadyVerified',
      verification: { verified: true, verifiedAt: START, expiresAt: expiry },
    });
    expect(walk.state).toBe('Verified.renewable');
    expect(walk.underWay).toEqual([]);
    walk.wait((expiry - asked) / 4);
    expect(walk.state).toBe('Verified.renewing.requesting');
  });

  test('asks the more often the nearer its expiry, by voice where no message came, and lapses only then', () => {
    const walk = renewing();
    const asked: { method: unknown; day: number }[] = [];
    while (walk.state.startsWith('Verified')) {
      if (walk.underWay.includes('requestCode')) {
        const { method } = walk.now.children['requestCode']!.input as { method: string };
        asked.push({ method, day: (walk.time - START) / DAY });
        walk.answer('requestCode', { outcome: 'sent' });
      }
      walk.wait(10 * MINUTE);
      if (walk.state === 'Verified.renewable')
        expect(walk.context.problem).toMatchObject({ code: 'CodeNotReceived' });
    }
    expect(asked.slice(0, 3).map(({ method }) => method)).toEqual(['SMS', 'VOICE', 'SMS']);
    expect(asked.filter(({ day }) => day > 85).length).toBeGreaterThan(
      asked.filter(({ day }) => day < 75).length,
    );
    expect(asked.length).toBeLessThan(100);
    const onDay = (last: number) => asked.filter(({ day }) => day > last - 1 && day <= last).length;
    for (const { day } of asked) expect(onDay(day)).toBeLessThanOrEqual(6);
    expect(walk.state).toBe('Unverified.waiting');
    expect(walk.time).toBeGreaterThanOrEqual(START + 90 * DAY);
  });

  test("keeps Meta's wait for codes over its lapse", () => {
    const walk = verifiedNumber({ reverify: true });
    walk.wait(90 * DAY - 120 * MINUTE);
    if (!walk.underWay.includes('requestCode')) walk.send('requestCode', {});
    walk.refuse('requestCode', { handling: 'wait', code: '136024/2388367', retryAfter: 12 * 60 * MINUTE });
    const notBefore = walk.time + 12 * 60 * MINUTE;
    walk.wait(120 * MINUTE);
    expect(walk.state).toBe('Unverified.waiting');
    walk.wait(notBefore - 1 - walk.time);
    expect(walk.underWay).toEqual([]);
    walk.wait(1);
    expect(walk.underWay).toEqual(['requestCode']);
  });

  const stale = (walk: Walk) => ({ verified: true, verifiedAt: START, expiresAt: walk.time });

  test('that has lapsed is not verified by what Meta says at that very moment, and asks again some minutes later', () => {
    const walk = verifiedNumber({ reverify: true });
    walk.wait(90 * DAY - 2 * 60 * MINUTE);
    while (walk.state !== 'CodeRequested.requesting') {
      if (walk.underWay.includes('requestCode')) walk.answer('requestCode', { outcome: 'sent' });
      walk.wait(MINUTE);
    }
    const changes = walk.life.record().transitions.length;
    walk.answer('requestCode', {
      outcome: 'alreadyVerified',
      verification: { verified: true, verifiedAt: START, expiresAt: START + 90 * DAY },
    });
    expect(walk.state).toBe('CodeRequested.deferred');
    expect(walk.life.record().transitions).toHaveLength(changes);
    walk.wait(5 * MINUTE).answer('requestCode', { outcome: 'sent' });
    expect(walk.state).toBe('CodeRequested.waiting');
  });

  test('that has lapsed is not verified by a reading of that very moment, nor by a reading while it is added', () => {
    const walk = verifiedNumber().wait(90 * DAY);
    expect(walk.state).toBe('Unverified.waiting');
    walk.send('refresh', {});
    walk.answer('readNumber', stale(walk));
    expect(walk.state).toBe('Unverified.waiting');
    const adopted = new Walk({ automation: byHand }).wait(DAY);
    adopted.answer('addNumber', added({ ...stale(adopted), verifiedAt: null }));
    expect(adopted.state).toBe('Unverified.waiting');
    expect(adopted.context.deadline).toBeNull();
  });

  test('keeps a code that was asked for before it lapsed', () => {
    const walk = verifiedNumber();
    walk.wait(90 * DAY - MINUTE);
    walk.send('requestCode', {});
    walk.answer('requestCode', { outcome: 'sent' }).wait(2 * MINUTE);
    expect(walk.state).toBe('Unverified.waiting');
    expect(walk.send('submitCode', { code: '333333' })).toBeNull();
    walk.answer('verifyCode', verifiedAt(walk.time));
    expect(walk.state).toBe('Verified.fresh');
  });
});

describe('codes', () => {
  test('one that comes before Meta answered is handed in when it has', () => {
    const walk = new Walk().answer('addNumber', added());
    expect(walk.send('submitCode', { code: '123456' })).toBeNull();
    expect(walk.state).toBe('CodeRequested.requesting');
    walk.answer('requestCode', { outcome: 'sent' });
    expect(walk.now.children['verifyCode']?.input).toMatchObject({ code: '123456' });
  });

  test('the same one twice is handed in once', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    expect(walk.send('submitCode', { code: '123456' })).toBeNull();
    expect(walk.context.code?.held).toEqual([]);
    walk.answer('verifyCode', verifiedAt(START));
    expect(walk.send('submitCode', { code: '123456' })).toBeNull();
    expect(walk.state).toBe('Verified.fresh');
  });

  test('another one that comes meanwhile is tried when the first was wrong', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '111111' });
    walk.send('submitCode', { code: '222222' });
    walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    expect(walk.now.children['verifyCode']?.input).toMatchObject({ code: '222222' });
  });

  test('one that Meta called wrong is not handed in again', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '111111' });
    walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    expect(walk.send('submitCode', { code: '111111' })).toBe('WrongCode');
  });

  const codeSentByHand = () => {
    const walk = new Walk({ automation: byHand }).answer('addNumber', added());
    walk.send('requestCode', {});
    return walk.answer('requestCode', { outcome: 'sent' });
  };
  const spendTries = (walk: Walk) => {
    for (const code of ['111111', '222222', '333333', '444444', '555555']) {
      expect(walk.state).toBe('CodeRequested.waiting');
      expect(walk.send('submitCode', { code })).toBeNull();
      walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    }
  };

  test('five wrong ones end the round', () => {
    const walk = codeSentByHand();
    spendTries(walk);
    expect(walk.state).toBe('Added.waiting');
    expect(walk.context.problem).toMatchObject({ code: 'WrongCode' });
    expect(walk.send('submitCode', { code: '666666' })).toBe('WrongState');
  });

  test('a stale one is refused', () => {
    const walk = codeSentByHand();
    walk.wait(10 * MINUTE - 1);
    expect(walk.state).toBe('CodeRequested.waiting');
    walk.wait(1);
    expect(walk.state).toBe('Added.waiting');
    expect(walk.send('submitCode', { code: '123456' })).toBe('WrongState');
  });

  test('that do not come are asked for once more, by voice', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    walk.wait(10 * MINUTE);
    expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'VOICE' });
    walk.answer('requestCode', { outcome: 'sent' }).wait(10 * MINUTE);
    expect(walk.state).toBe('Added.waiting');
    expect(walk.context.problem).toMatchObject({ code: 'CodeNotReceived' });
  });

  test('that do not come twice are asked for again a day later, then later and later, until the 90 days are over', () => {
    const walk = new Walk().answer('addNumber', added());
    const asked: number[] = [];
    while (walk.state !== 'Removed') {
      if (walk.underWay.includes('requestCode')) {
        asked.push((walk.time - START) / DAY);
        walk.answer('requestCode', { outcome: 'sent' });
      }
      walk.wait(10 * MINUTE);
    }
    // Two requests each time.
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.length).toBeLessThan(40);
    expect(asked[2]).toBeCloseTo(1, 1);
    expect(asked[4]).toBeCloseTo(2, 0);
    expect(asked.at(-1)).toBeGreaterThan(80);
    expect(walk.time).toBeLessThan(START + 90 * DAY + 10 * MINUTE);
  });

  test('that were all wrong are followed by one new request, the same way', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    spendTries(walk);
    expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'SMS' });
    walk.answer('requestCode', { outcome: 'sent' });
    spendTries(walk);
    expect(walk.state).toBe('Added.waiting');
  });

  test('a number asks for at most six of its own accord in a day', () => {
    const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    for (let requests = 1; requests < 6; requests++) {
      walk.send('requestCode', {});
      walk.answer('requestCode', { outcome: 'sent' });
    }
    walk.wait(10 * MINUTE);
    expect(walk.state).toBe('Added.waiting');
    walk.wait(DAY);
    walk.send('requestCode', {});
    walk.answer('requestCode', { outcome: 'sent' }).wait(10 * MINUTE);
    expect(walk.state).toBe('CodeRequested.requesting');
  });

  test('one that nobody here asked for is kept ten minutes and shown once', () => {
    const walk = verifiedNumber().wait(90 * DAY);
    expect(walk.send('receiveCode', { text: 'WhatsApp code 654-321' })).toBeNull();
    expect(walk.state).toBe('Unverified.waiting');
    expect(walk.context.keptCode).toMatchObject({ code: '654321' });
    expect(walk.send('takeCode', { customerId: 'alice' })).toBe('WrongState');
    walk.send('reserve', { customerId: 'alice' });
    expect(walk.send('takeCode', { customerId: 'alice' })).toBeNull();
    expect(walk.send('takeCode', { customerId: 'alice' })).toBe('WrongState');
    walk.send('receiveCode', { text: 'WhatsApp code 123-457' });
    walk.wait(10 * MINUTE);
    expect(walk.context.keptCode).toBeNull();
  });

  describe('what comes in place of a code', () => {
    const codeSent = () => new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    const sms = (text: string, from = '32665') => ({ text, from, method: 'SMS' as const });

    test('is shown without a digit of it, and a call is asked for a minute later', () => {
      const walk = codeSent();
      expect(walk.send('receiveCode', sms('Your WhatsApp code is *** (555). Do not reply'))).toBeNull();
      const { problem } = walk.context;
      expect(problem).toMatchObject({ code: 'CodeNotReceived', needsPerson: false });
      expect(problem?.message).toMatch(
        /^An SMS from 32665 of 20.* UTC holds no code: "Your WhatsApp code is \*/,
      );
      expect(problem?.message.split('holds')[1]).not.toMatch(/\d/);
      walk.wait(MINUTE - 1);
      expect(walk.state).toBe('CodeRequested.waiting');
      walk.wait(1);
      expect(walk.state).toBe('CodeRequested.requesting');
      expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'VOICE' });
    });

    test('does not keep a code from being taken that comes right behind it', () => {
      const walk = codeSent();
      walk.send('receiveCode', sms('Hi, are you there?', '+15005550006'));
      walk.wait(30_000);
      walk.send('receiveCode', sms('WhatsApp code 123-456'));
      expect(walk.state).toBe('CodeRequested.verifying');
      walk.answer('verifyCode', verifiedAt(walk.time));
      expect(walk.context.problem).toBeNull();
    });

    test('that a carrier withheld it: nothing else will come, so a call is asked for at once', () => {
      const walk = codeSent();
      const undelivered = 'Twilio redacted it as a one-time code (error 30038)';
      expect(walk.send('receiveCode', { ...sms(''), undelivered })).toBeNull();
      expect(walk.state).toBe('CodeRequested.requesting');
      expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'VOICE' });
      expect(walk.context.problem?.message).toContain(undelivered);
    });

    test('costs one more request a round, however much comes', () => {
      const walk = codeSent();
      walk.send('receiveCode', { ...sms(''), undelivered: 'redacted' });
      walk.answer('requestCode', { outcome: 'sent' });
      for (let texts = 0; texts < 20; texts++)
        walk.send('receiveCode', { ...sms('Hello'), ...(texts % 2 ? { undelivered: 'redacted' } : {}) });
      expect(walk.state).toBe('CodeRequested.waiting');
      expect(walk.context.problem).toMatchObject({ code: 'CodeNotReceived', needsPerson: true });
      walk.wait(10 * MINUTE);
      expect(walk.state).toBe('Added.waiting');
      expect(walk.context.codesSentAt).toHaveLength(2);
    });

    test('before Meta has answered the request is not forgotten', () => {
      const walk = new Walk().answer('addNumber', added());
      walk.send('receiveCode', { ...sms(''), undelivered: 'redacted' });
      expect(walk.state).toBe('CodeRequested.requesting');
      walk.answer('requestCode', { outcome: 'sent' });
      expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'VOICE' });
    });

    test('spelled digits are not shown either', () => {
      const walk = codeSent();
      walk.send('receiveCode', { text: 'code is four eight two nine', method: 'VOICE' });
      expect(walk.context.problem?.message).toMatch(
        /^A call of .* holds no code: "words that are digits"\.$/,
      );
    });
  });

  describe('a code in two parts', () => {
    const codeSent = () => new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
    const [first, second] = ['Your WhatsApp code: 282-', '913. Do not share it'];

    test.each([
      ['in their order', first, second],
      ['in the other order', second, first],
      ['that the carrier counts', `(2/2) ${second}`, `(1/2) ${first}`],
    ])('of one sender within a minute is put together, %s', (_, one, other) => {
      const walk = codeSent();
      expect(walk.send('receiveCode', { text: one, from: '32665' })).toBeNull();
      expect(walk.context.problem).toBeNull();
      walk.wait(59_000);
      expect(walk.send('receiveCode', { text: other, from: '32665' })).toBeNull();
      expect(walk.now.children['verifyCode']?.input).toMatchObject({ code: '282913' });
    });

    test('is kept for a customer where the number has lapsed', () => {
      const walk = verifiedNumber().wait(90 * DAY);
      walk.send('receiveCode', { text: first, from: '32665' });
      walk.send('receiveCode', { text: second, from: '32665' });
      expect(walk.context.keptCode).toMatchObject({ code: '282913' });
    });

    test.each([
      ['of two senders', '32665', '+15005550006', 1000],
      ['more than a minute apart', '32665', '32665', 60_000],
      ['without a sender', undefined, undefined, 1000],
    ])('%s is none', (_, from, other, apart) => {
      const walk = verifiedNumber().wait(90 * DAY);
      walk.send('receiveCode', { text: first, ...(from && { from }) });
      walk.wait(apart);
      walk.send('receiveCode', { text: second, ...(other && { from: other }) });
      expect(walk.context.keptCode).toBeNull();
    });

    test('is found among the texts of others, of which the last few are kept', () => {
      const walk = verifiedNumber().wait(90 * DAY);
      walk.send('receiveCode', { text: first, from: '32665' });
      for (let other = 0; other < 4; other++)
        walk.send('receiveCode', { text: 'call 12', from: `+1500555000${String(other)}` });
      walk.send('receiveCode', { text: second, from: '32665' });
      expect(walk.context.keptCode).toMatchObject({ code: '282913' });
      for (let other = 0; other < 100; other++)
        walk.send('receiveCode', { text: 'call 12', from: String(other) });
      expect(walk.context.parts).toHaveLength(5);
    });
  });

  test('a number of a line type that gets calls begins with one, unless told otherwise', () => {
    const begun = (start: object, codeMethod?: 'VOICE') =>
      new Walk(start).answer('addNumber', { ...added(), ...(codeMethod && { codeMethod }) });
    const method = (walk: Walk) => walk.now.children['requestCode']?.input;
    expect(method(begun({}, 'VOICE'))).toMatchObject({ method: 'VOICE' });
    expect(method(begun({ codeMethod: 'SMS' }, 'VOICE'))).toMatchObject({ method: 'SMS' });
    expect(method(begun({}))).toMatchObject({ method: 'SMS' });
  });

  test("one that nobody asked for is kept only where whoever takes the number has to enter one, and only WhatsApp's", () => {
    const walk = verifiedNumber();
    expect(walk.send('receiveCode', { text: 'WhatsApp code 654-321' })).toBe('WrongState');
    walk.wait(90 * DAY);
    const others = [
      '482913 is your Telegram login code',
      '482913',
      '482-913',
      '482913 is your Facebook account recovery code',
      'Use 482913 to sign in to your Meta account',
      'Hello. Your Google verification code is 4 8 2 9 1 3. Again, your Google verification code is 4 8 2 9 1 3.',
      'Your Microsoft verification code is 482913. Verification code is 482913.',
    ];
    for (const text of others) expect(walk.send('receiveCode', { text })).toBe('WrongState');
    expect(walk.context.keptCode).toBeNull();
    const call = 'Verification code is 482913. Verification code is 482913.';
    expect(walk.send('receiveCode', { text: call })).toBeNull();
    walk.send('requestCode', {});
    walk.answer('requestCode', {
      outcome: 'alreadyVerified',
      verification: { verified: true, verifiedAt: walk.time, expiresAt: null },
    });
    expect(walk.context.keptCode).toBeNull();
    expect(walk.send('takeCode', {})).toBe('WrongState');
  });

  test("strangers' texts wait a minute for WhatsApp's, and never spend the last try", () => {
    const walk = codeSentByHand();
    for (let last = 0; last < 9; last++)
      expect(walk.send('receiveCode', { text: `48291${String(last)} is your Telegram code` })).toBeNull();
    expect(walk.state).toBe('CodeRequested.waiting');
    walk.wait(MINUTE);
    for (let tries = 0; tries < 4; tries++) {
      expect(walk.state).toBe('CodeRequested.verifying');
      walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    }
    expect(walk.state).toBe('CodeRequested.waiting');
    expect(walk.send('receiveCode', { text: 'WhatsApp code 123-456' })).toBeNull();
    walk.answer('verifyCode', verifiedAt(walk.time));
    expect(walk.state).toBe('Verified.fresh');
  });

  test("WhatsApp's goes before a stranger's that came first, while a call is under way, too", () => {
    const walk = new Walk().answer('addNumber', added());
    expect(walk.send('receiveCode', { text: '111111 is your Telegram code' })).toBeNull();
    expect(walk.send('receiveCode', { text: 'WhatsApp code 222-222' })).toBeNull();
    walk.answer('requestCode', { outcome: 'sent' });
    expect(walk.now.children['verifyCode']?.input).toMatchObject({ code: '222222' });
    walk.answer('verifyCode', { outcome: 'wrongCode', message: 'wrong' });
    expect(walk.state).toBe('CodeRequested.waiting');
    walk.wait(MINUTE);
    expect(walk.now.children['verifyCode']?.input).toMatchObject({ code: '111111' });
  });

  test('of more codes than may be tried, those that came first are kept', () => {
    const walk = new Walk().answer('addNumber', added());
    for (const digit of '12345') expect(walk.send('submitCode', { code: digit.repeat(6) })).toBeNull();
    expect(walk.send('submitCode', { code: '666666' })).toBe('BudgetSpent');
    expect(walk.send('submitCode', { code: '111111' })).toBeNull();
  });

  describe('one that Meta will not check', () => {
    const unchecked = (walk: Walk, failure: object) => {
      walk.answer('requestCode', { outcome: 'sent' }).wait(MINUTE);
      walk.send('submitCode', { code: '123456' });
      return walk.refuse('verifyCode', failure);
    };
    const spent = { handling: 'wait', code: '613', retryAfter: 60 * MINUTE } as const;

    test("is not called missing: another is asked for the same way, once Meta's wait is over", () => {
      const walk = unchecked(new Walk().answer('addNumber', added()), spent);
      const failed = walk.time;
      expect(walk.state).toBe('CodeRequested.waiting');
      walk.send('receiveCode', { text: 'Hello', from: '32665' });
      walk.wait(9 * MINUTE);
      expect(walk.state).toBe('CodeRequested.deferred');
      expect(walk.context.problem).toMatchObject({ code: '613' });
      walk.wait(failed + 60 * MINUTE - 1 - walk.time);
      expect(walk.underWay).toEqual([]);
      walk.wait(1);
      expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'SMS' });
      // It is the one more round that a number asks for by itself.
      unchecked(walk, spent).wait(9 * MINUTE);
      expect(walk.state).toBe('Added.waiting');
      expect(walk.context.problem).toMatchObject({ code: '613' });
    });

    test('until it was dead is followed by another one', () => {
      const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
      walk.wait(5 * MINUTE).send('submitCode', { code: '123456' });
      walk
        .wait(10 * MINUTE)
        .refuse('verifyCode', { handling: 'account', code: '2', retryAfter: 60 * MINUTE });
      expect(walk.state).toBe('CodeRequested.deferred');
      expect(walk.context.problem).toMatchObject({ code: '2' });
      walk.wait(60 * MINUTE);
      expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'SMS' });
    });

    test('may be handed in again while it lives', () => {
      const walk = unchecked(new Walk().answer('addNumber', added()), {
        handling: 'account',
        code: '200',
        retryAfter: 60 * MINUTE,
      });
      expect(walk.send('submitCode', { code: '123456' })).toBeNull();
      walk.answer('verifyCode', verifiedAt(walk.time));
      expect(walk.state).toBe('Verified.fresh');
      expect(walk.context.problem).toBeNull();
    });

    test('is a problem that stays where the number asks for none by itself', () => {
      const walk = new Walk({ automation: byHand }).answer('addNumber', added());
      walk.send('requestCode', {});
      unchecked(walk, { handling: 'account', code: '200', retryAfter: 60 * MINUTE }).wait(9 * MINUTE);
      expect(walk.state).toBe('Added.waiting');
      expect(walk.context.problem).toMatchObject({ code: '200', needsPerson: true });
      walk.wait(DAY);
      expect(walk.underWay).toEqual([]);
    });
  });

  test('a text without a code is refused, and so is one with two', () => {
    const walk = verifiedNumber();
    expect(walk.send('receiveCode', { text: 'Hello' })).toBe('InvalidMessage');
    expect(walk.send('receiveCode', { text: '111111 or 222222' })).toBe('InvalidMessage');
  });

  test('a request that Meta defers goes on by itself, with the other method if the code could not be sent', () => {
    const walk = new Walk().answer('addNumber', added());
    walk.refuse('requestCode', { handling: 'codeNotSent', retryAfter: 60 * MINUTE, code: '136024/2388091' });
    expect(walk.state).toBe('CodeRequested.deferred');
    walk.wait(60 * MINUTE);
    expect(walk.now.children['requestCode']?.input).toMatchObject({ method: 'VOICE' });
  });

  test('one that can be sent by neither method needs a person, and is asked for again a day later, then more and more seldom', () => {
    const walk = new Walk().answer('addNumber', added());
    const asked: number[] = [];
    while (walk.time < START + 30 * DAY) {
      if (walk.underWay.includes('requestCode')) {
        asked.push((walk.time - START) / DAY);
        const needed = walk.context.problem?.needsPerson ?? false;
        walk.refuse('requestCode', {
          handling: 'codeNotSent',
          retryAfter: 60 * MINUTE,
          code: '136024/2388091',
        });
        expect(walk.context.problem?.needsPerson).toBe(needed || asked.length > 1);
      }
      walk.wait(10 * MINUTE);
    }
    expect(asked.length).toBeLessThan(20);
    expect(asked[2]).toBeCloseTo(1, 0);
    expect(walk.context.problem?.whatToDo).toContain('then send requestCode');
    walk.send('requestCode', { method: 'SMS' });
    walk.answer('requestCode', { outcome: 'sent' });
    expect(walk.context.problem).toBeNull();
  });
});

test('a call that keeps failing is tried more and more seldom, up to every ten minutes', () => {
  const walk = new Walk().answer('addNumber', added());
  const waits: number[] = [];
  for (let failures = 0; failures < 10; failures++) {
    walk.refuse('requestCode', { handling: 'wait', retryAfter: 5000, code: 'network' });
    waits.push(walk.context.resumeAt! - walk.time);
    walk.wait(waits.at(-1)!);
  }
  expect(waits.slice(0, 3)).toEqual([5000, 10_000, 20_000]);
  expect(waits.at(-1)).toBe(10 * MINUTE);
  walk.answer('requestCode', { outcome: 'sent' });
  expect(walk.context.problem).toBeNull();
});

describe('a claim', () => {
  test('that is shown during a renewal wins; until then the renewal goes on', () => {
    const walk = verifiedNumber({ reverify: true, register: false });
    walk.wait(67.5 * DAY);
    expect(walk.send('claim', { wabaId: '77', source: 'test' })).toBeNull();
    expect(walk.underWay.sort()).toEqual(['confirmClaim', 'requestCode']);
    walk.answer('requestCode', { outcome: 'sent' });
    expect(walk.state).toBe('Verified.renewing.waiting');
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.underWay).toEqual([]);
  });

  test('is a hint: nothing changes before Meta shows the number on the WABA', () => {
    const walk = verifiedNumber();
    walk.send('reserve', { customerId: 'alice' });
    const { deadline, reservation } = walk.context;
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context).toMatchObject({ claim: null, deadline, reservation, problem: null });
  });

  test('is a fact once it is shown: it ends the reservation of another customer, and says so', () => {
    const walk = verifiedNumber();
    walk.send('reserve', { customerId: 'alice' });
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.context.reservation).toBeNull();
    expect(walk.now.timers).toEqual(
      expect.not.objectContaining({ 'xstate.after.reservationEnd.number.living.reservation.held': {} }),
    );
    expect(Object.keys(walk.now.timers).filter((id) => id.includes('reservation'))).toEqual([]);
    expect(walk.context.problem).toMatchObject({ code: 'ReservedForAnother' });
  });

  test('that is reported keeps the number from everybody but the customer who is said to have it', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    expect(walk.send('reserve', { customerId: 'alice' })).toBe('Reserved');
    expect(walk.send('claimFor', { wabaId: '88', verifiedName: 'A', customerId: 'alice' })).toBe('Reserved');
    expect(walk.send('reserve', { customerId: 'bob' })).toBeNull();
  });

  test('reports of two WABAs do not hide one another: each is looked for', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '666', source: 'a rumour' });
    expect(walk.send('claim', { wabaId: '77', source: 'test' })).toBeNull();
    expect(walk.context.reportedClaims).toHaveLength(2);
    walk.answer('confirmClaim', { found: false, pool: verifiedAt(START).verification }).wait(0);
    expect(walk.now.children['confirmClaim']?.input).toMatchObject({ wabaId: '77' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.context).toMatchObject({ claim: { wabaId: '77' }, reportedClaims: [] });
  });

  test('that Meta refuses to look for counts as not shown, and is given up, too', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '506914307656634', source: 'a browser' });
    let looks = 0;
    while (walk.context.reportedClaims.length > 0) {
      walk.refuse('confirmClaim', { code: '100/33' });
      expect(walk.context.problem?.code).toBe(++looks < 6 ? undefined : '100/33');
      const next = Math.min(...Object.values(walk.now.timers).map(({ dueAt }) => dueAt));
      if (walk.context.reportedClaims.length > 0) walk.wait(next - walk.time);
    }
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('is not said to be missing where Meta would not let us look', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', source: 'signup' });
    walk.refuse('confirmClaim', { code: '200', message: 'Permissions error', handling: 'account' });
    expect(walk.context.ended.confirmClaim?.failure?.message).toBe(
      'WABA 77, of which signup said that it has the number, could not be looked up: Permissions error',
    );
  });

  test('does not let a life end before it is looked for', () => {
    const walk = new Walk({ automation: byHand }).answer('addNumber', added());
    walk.wait(90 * DAY - MINUTE);
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.wait(2 * MINUTE);
    expect(walk.state).toBe('Added.overdue');
    walk.answer('confirmClaim', confirmed({ verified: false }));
    expect(walk.state).toBe('Claimed.lapsed');
  });

  test('keeps the number from being removed until Meta has shown it or half an hour is over', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'signup' });
    expect(walk.send('remove', { by: 'an operator' })).toBe('Reserved');
    expect(walk.state).toBe('Verified.fresh');
    walk.answer('confirmClaim', { found: false, pool: null }).wait(MINUTE);
    expect(walk.send('remove', {})).toBe('Reserved');
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
    const other = verifiedNumber();
    other.send('claim', { wabaId: '77', source: 'a rumour' });
    while (other.context.reportedClaims.length > 0)
      other.answer('confirmClaim', { found: false, pool: null }).wait(14 * MINUTE);
    expect(other.send('remove', {})).toBeNull();
  });

  test('keeps it in every phase from which it could be removed, before it was added, too', () => {
    const adding = new Walk({ automation: byHand });
    const deferred = new Walk({ automation: byHand }).refuse('addNumber', { handling: 'account' });
    const waiting = new Walk({ automation: byHand }).answer('addNumber', added());
    const asking = new Walk().answer('addNumber', added());
    for (const walk of [adding, deferred, waiting, asking, verifiedNumber().wait(90 * DAY)]) {
      walk.send('claim', { wabaId: '77', source: 'test' });
      const { state } = walk;
      expect([state, walk.send('remove', {})]).toEqual([state, 'Reserved']);
      expect(walk.state).toBe(state);
    }
  });

  test('that a session of signup reported, and Meta shows in the pool, keeps it no longer than the reservation', () => {
    const walk = verifiedNumber();
    walk.send('reserve', { customerId: 'alice', ttl: '10 minutes' });
    const reservationId = walk.context.reservation!.id;
    walk.send('claim', { wabaId: '666', source: 'a browser', reservationId });
    walk.answer('confirmClaim', { found: false, pool: verifiedAt(START).verification });
    expect(walk.send('remove', {})).toBe('Reserved');
    walk.send('release', {});
    expect(walk.send('remove', {})).toBeNull();
  });

  test('that is reported while the number is taken out of the pool is looked for before its life ends', () => {
    const leaving = (walk: Walk) => {
      expect(walk.send('remove', {})).toBeNull();
      walk.send('claim', { wabaId: '77', source: 'test' });
      return walk.answer('removeNumber', null as never);
    };
    const shown = leaving(verifiedNumber());
    expect(shown.state).toBe('Verified.leaving');
    expect(shown.send('remove', {})).toBeNull();
    expect(shown.send('reserve', { customerId: 'alice' })).toBe('WrongState');
    shown.answer('confirmClaim', confirmed());
    expect(shown.state).toBe('Claimed.verified');
    const untrue = leaving(new Walk({ automation: byHand }).answer('addNumber', added()));
    expect(untrue.state).toBe('Added.leaving');
    while (untrue.state !== 'Removed')
      untrue.answer('confirmClaim', { found: false, pool: null }).wait(14 * MINUTE);
    const asked = new Walk();
    asked.send('remove', {});
    asked.send('claim', { wabaId: '77', source: 'test' });
    expect(asked.send('remove', {})).toBeNull();
    asked.answer('addNumber', added()).answer('removeNumber', null as never);
    asked.answer('confirmClaim', confirmed());
    expect(asked.context.claim).toMatchObject({ wabaId: '77' });
  });

  test('of a number that Meta refuses to add is looked for before the number is Rejected', () => {
    const walk = new Walk({ automation: byHand });
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.refuse('addNumber', {});
    expect(walk.state).toBe('Added.refused');
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
  });

  test('by a second WABA is refused, the same one again is not', () => {
    const walk = claimedNumber();
    expect(walk.send('claim', { wabaId: '88', source: 'test' })).toBe('AlreadyClaimed');
    expect(walk.send('claim', { wabaId: '77', source: 'test' })).toBeNull();
  });

  test('must be registered within 90 days, or the business number is verified anew (rule 4)', () => {
    const walk = claimedNumber();
    walk.wait(90 * DAY - 1);
    expect(walk.state).toBe('Claimed.verified');
    walk.wait(1);
    expect(walk.state).toBe('Claimed.lapsed');
    expect(walk.send('register', {})).toBe('WrongState');
    walk.send('requestCode', {});
    expect(walk.now.children['requestCode']?.input).toMatchObject({ target: { kind: 'business' } });
    walk.answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    walk.answer('verifyCode', verifiedAt(walk.time, null));
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.context.deadline?.at).toBe(walk.time + 90 * DAY);
    walk.send('register', { pin: '123456' });
    walk.answer('registerNumber', { pinOurs: true });
    expect(walk.state).toBe('Registered');
  });

  test('that is being registered takes no other region for its data', () => {
    const walk = claimedNumber();
    walk.send('register', {});
    expect(walk.send('register', { dataLocalizationRegion: 'DE' })).toBe('WrongState');
    expect(walk.send('register', {})).toBeNull();
    const german = claimedNumber();
    german.send('register', { dataLocalizationRegion: 'DE' });
    expect(german.send('register', { dataLocalizationRegion: 'CH' })).toBe('WrongState');
    expect(german.send('register', { dataLocalizationRegion: 'DE' })).toBeNull();
    expect(german.send('register', {})).toBeNull();
  });

  test('that hands over an unverified number asks for its code and registers it by itself', () => {
    const walk = verifiedNumber({ register: true }).wait(DAY);
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed({ verified: false })).wait(0);
    expect(walk.state).toBe('Claimed.requesting');
    walk.answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    walk.answer('verifyCode', verifiedAt(walk.time, null)).wait(0);
    walk.answer('registerNumber', { pinOurs: true });
    expect(walk.state).toBe('Registered');
  });

  test('whose registration Meta answers with "verify first" (133006) is verified first, not in a circle', () => {
    const walk = verifiedNumber({ register: true }).wait(DAY);
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed()).wait(0);
    walk.refuse('registerNumber', { handling: 'verifyFirst', code: '133006' }).wait(0);
    expect(walk.state).toBe('Claimed.requesting');
    const verification = { verified: true, verifiedAt: null, expiresAt: null };
    walk.answer('requestCode', { outcome: 'alreadyVerified', verification }).wait(0);
    walk.refuse('registerNumber', { handling: 'verifyFirst', code: '133006' }).wait(0);
    expect(walk.state).toBe('Claimed.lapsed');
    walk.wait(DAY);
    expect(walk.state).toBe('Claimed.requesting');
  });

  test('that hands over an unverified number waits for a code', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed({ verified: false }));
    expect(walk.state).toBe('Claimed.lapsed');
  });

  test('that nobody made is given up after half an hour, and nobody is bothered', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', source: 'test' });
    const looks: number[] = [];
    while (walk.context.reportedClaims.length > 0) {
      looks.push((walk.time - START) / MINUTE);
      walk.answer('confirmClaim', { found: false, pool: verifiedAt(START).verification });
      const [next] = Object.entries(walk.now.timers).filter(([id]) => id.includes('nextLook'));
      if (next) walk.wait(next[1].dueAt - walk.time);
    }
    expect(looks).toEqual([0, 1, 3, 7, 15, 29]);
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context).toMatchObject({ claim: null, problem: null });
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('that is not where it was said to be, nor in the pool, needs a person: reconcile looks elsewhere', () => {
    const walk = verifiedNumber();
    const before = walk.context.deadline;
    walk.send('claim', { wabaId: '666', source: 'a rumour' });
    while (walk.context.reportedClaims.length > 0)
      walk.answer('confirmClaim', { found: false, pool: null }).wait(14 * MINUTE);
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context).toMatchObject({ claim: null, deadline: before, problem: { code: 'ClaimNotFound' } });
    expect(walk.send('claim', { wabaId: '77', source: 'reconcile' })).toBeNull();
  });

  test('through the API whose answer was lost is looked for, and is a problem until Meta shows it', () => {
    const lost = () => {
      const walk = verifiedNumber();
      walk.send('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub', customerId: 'bob' });
      const { error } = unansweredEnd({ src: 'claimNumber' }) as { error: GraphFailure };
      walk.refuse('claimNumber', error);
      expect(walk.state).toBe('Verified.fresh');
      expect(walk.context.problem?.message).toBe('Meta gave no answer that could be read within 15 minutes.');
      expect(walk.context.problem).toMatchObject({ about: 'claimNumber', needsPerson: true });
      return walk;
    };
    const made = lost().answer('confirmClaim', confirmed());
    expect(made.context.claim).toMatchObject({ wabaId: '77', customerId: 'bob', source: 'API' });
    expect(made.context.problem).toBeNull();
    const notMade = lost();
    while (notMade.context.reportedClaims.length > 0) {
      notMade.answer('confirmClaim', { found: false, pool: verifiedAt(START).verification });
      notMade.wait(14 * MINUTE);
    }
    expect(notMade.state).toBe('Verified.fresh');
    expect(notMade.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('through the API that Meta rejects is not looked for', () => {
    const walk = verifiedNumber();
    walk.send('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' });
    walk.refuse('claimNumber', { handling: 'account', turnedAway: true });
    expect(walk.context).toMatchObject({ claiming: null, reportedClaims: [] });
  });

  test('through the API is looked for as one that was reported, and stands then', () => {
    const walk = verifiedNumber();
    walk.send('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' });
    walk.answer('claimNumber', { phoneNumberId: '501' as PhoneNumberId });
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.now.children['confirmClaim']?.input).toMatchObject({ wabaId: '77', phoneNumberId: '501' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.context.claim).toMatchObject({ source: 'API' });
  });

  test('registration waits 72 h when Meta says that its tries are spent, then goes on', () => {
    const walk = claimedNumber({ register: true });
    walk.refuse('registerNumber', { handling: 'wait', retryAfter: 72 * 60 * MINUTE, code: '133016' });
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.context.problem).toMatchObject({ code: '133016' });
    walk.wait(72 * 60 * MINUTE - 1);
    expect(walk.underWay).toEqual([]);
    walk.wait(1).answer('registerNumber', { pinOurs: true });
    expect(walk.state).toBe('Registered');
  });
});

describe('registration', () => {
  test('waits for a display name that is not ready: an hour at first, a day at most, within the budget', () => {
    const walk = claimedNumber({ register: true });
    const hours: number[] = [];
    const begun = walk.time;
    while (walk.time - begun < 3 * DAY) {
      walk.refuse('registerNumber', {
        handling: 'wait',
        code: '100/2388001',
        retryAfter: 60 * MINUTE,
        retryAfterAtMost: DAY,
      });
      expect(walk.context.problem).toMatchObject({ code: '100/2388001' });
      hours.push((walk.context.resumeAt! - walk.time) / (60 * MINUTE));
      walk.wait(walk.context.resumeAt! - walk.time);
    }
    expect(hours.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 24]);
    expect(hours.length).toBeLessThanOrEqual(10);
  });

  test('stops at ten tries in any 72 hours', () => {
    const walk = claimedNumber();
    for (let tries = 0; tries < 10; tries++) {
      expect(walk.send('register', { pin: '123456' })).toBeNull();
      walk.refuse('registerNumber', { handling: 'pin', code: '133005' });
    }
    expect(walk.send('register', {})).toBe('BudgetSpent');
    walk.wait(72 * 60 * MINUTE);
    expect(walk.send('register', {})).toBeNull();
  });

  const onApp = 'signup FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING';

  test.each([
    ['first', [onApp, 'findClaims']],
    ['last', ['findClaims', onApp]],
  ])('never happens to one of which that is said %s of two reports', (_, sources) => {
    const walk = verifiedNumber({ register: true });
    for (const source of sources) expect(walk.send('claim', { wabaId: '77', source })).toBeNull();
    walk.answer('confirmClaim', confirmed()).wait(10 * DAY);
    expect(walk.underWay).toEqual([]);
    expect(walk.context.claim).toMatchObject({ source: onApp });
    expect(walk.send('register', {})).toBe('WrongState');
  });

  test('is not tried again once that is said of a claimed number, and its code is not asked for', () => {
    const walk = claimedNumber({ register: true });
    walk.refuse('registerNumber', { handling: 'wait', retryAfter: DAY });
    expect(walk.send('claim', { wabaId: '77', source: onApp })).toBeNull();
    walk.wait(60 * DAY);
    expect([walk.state, walk.underWay]).toEqual(['Claimed.verified', []]);
    const lapsed = verifiedNumber({ register: true }).wait(DAY);
    lapsed.send('claim', { wabaId: '77', source: 'test' });
    lapsed.answer('confirmClaim', confirmed()).wait(0);
    lapsed.refuse('registerNumber', { handling: 'verifyFirst' }).wait(0);
    const verification = { verified: true, verifiedAt: null, expiresAt: null };
    lapsed.answer('requestCode', { outcome: 'alreadyVerified', verification }).wait(0);
    lapsed.refuse('registerNumber', { handling: 'verifyFirst' });
    expect(lapsed.state).toBe('Claimed.lapsed');
    expect(lapsed.send('claim', { wabaId: '77', source: onApp })).toBeNull();
    lapsed.wait(60 * DAY);
    expect([lapsed.state, lapsed.underWay]).toEqual(['Claimed.lapsed', []]);
  });

  test('is given up while Meta is asked, once that is said', () => {
    const walk = claimedNumber({ register: true });
    expect(walk.underWay).toEqual(['registerNumber']);
    expect(walk.send('claim', { wabaId: '77', source: 'reconcile' })).toBeNull();
    expect(walk.underWay).toEqual(['registerNumber']);
    expect(walk.send('claim', { wabaId: '77', source: onApp })).toBeNull();
    expect([walk.state, walk.underWay]).toEqual(['Claimed.verified', []]);
    walk.wait(10 * DAY);
    expect([walk.state, walk.underWay]).toEqual(['Claimed.verified', []]);
    expect(walk.context.problem).toBeNull();
  });

  test('asks for no code any more once that is said while Meta has it wait', () => {
    const walk = verifiedNumber({ register: true }).wait(DAY);
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed({ verified: false })).wait(0);
    walk.refuse('requestCode', { handling: 'wait', retryAfter: 12 * 60 * MINUTE });
    expect(walk.state).toBe('Claimed.deferred');
    expect(walk.send('claim', { wabaId: '77', source: onApp })).toBeNull();
    walk.wait(60 * DAY);
    expect([walk.state, walk.underWay]).toEqual(['Claimed.lapsed', []]);
  });

  const badToken = { handling: 'account', code: '190', retryAfter: 60 * MINUTE } as const;

  test('that Meta turns away for its token spends no try, and its problem stands until a person has mended it', () => {
    const walk = claimedNumber({ register: true });
    for (let hours = 0; hours < 80; hours++) {
      expect(walk.underWay).toEqual(['registerNumber']);
      walk.refuse('registerNumber', { ...badToken, turnedAway: true });
      expect(walk.context.problem).toMatchObject({ code: '190', needsPerson: true });
      walk.wait(60 * MINUTE);
    }
    walk.refuse('registerNumber', { ...badToken, turnedAway: true });
    expect(walk.send('register', {})).toBeNull();
    walk.answer('registerNumber', { pinOurs: true });
    expect(walk.state).toBe('Registered');
  });

  test('that spent all tries still shows what a person must mend', () => {
    const walk = claimedNumber({ register: true });
    for (let hours = 0; hours < 10; hours++) {
      walk.refuse('registerNumber', { ...badToken, code: '424242' });
      walk.wait(60 * MINUTE);
    }
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.send('register', {})).toBe('BudgetSpent');
    expect(walk.context.problem).toMatchObject({ code: '424242', needsPerson: true });
    walk.wait(62 * 60 * MINUTE);
    expect(walk.underWay).toEqual(['registerNumber']);
  });

  test("keeps Meta's wait over a lapse of the claim", () => {
    const walk = claimedNumber({ register: true });
    walk.refuse('registerNumber', { handling: 'wait', retryAfter: 90 * DAY - 41 * 60 * MINUTE });
    walk.wait(90 * DAY - 41 * 60 * MINUTE);
    walk.refuse('registerNumber', { handling: 'wait', code: '133016', retryAfter: 72 * 60 * MINUTE });
    const notBefore = walk.time + 72 * 60 * MINUTE;
    walk.wait(41 * 60 * MINUTE);
    expect(walk.state).toBe('Claimed.requesting');
    walk.answer('requestCode', { outcome: 'sent' });
    walk.send('submitCode', { code: '123456' });
    walk.answer('verifyCode', verifiedAt(walk.time, null));
    walk.wait(notBefore - 1 - walk.time);
    expect([walk.state, walk.underWay]).toEqual(['Claimed.verified', []]);
    walk.wait(1);
    expect(walk.state).toBe('Claimed.registering');
  });

  test('of a claim that lapses again asks for its code at once, and after a silent telephone a day later', () => {
    const walk = claimedNumber({ register: true });
    for (let lapses = 0; lapses < 3; lapses++) {
      walk.refuse('registerNumber', { handling: 'pin', code: '133005' });
      walk.wait(90 * DAY);
      expect([walk.state, walk.underWay]).toEqual(['Claimed.requesting', ['requestCode']]);
      if (lapses === 2) break;
      walk.answer('requestCode', { outcome: 'sent' });
      walk.send('submitCode', { code: '123456' });
      walk.answer('verifyCode', verifiedAt(walk.time, null)).wait(0);
    }
    const lapsed = walk.time;
    for (let rounds = 0; rounds < 2; rounds++)
      walk.answer('requestCode', { outcome: 'sent' }).wait(10 * MINUTE);
    expect(walk.state).toBe('Claimed.lapsed');
    expect(walk.context.resumeAt! - lapsed).toBeLessThanOrEqual(DAY + 20 * MINUTE);
  });

  test('never happens to a number that its owner keeps on the WhatsApp Business app', () => {
    const walk = verifiedNumber({ register: true });
    walk.send('claim', { wabaId: '77', source: 'signup FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.send('register', {})).toBe('WrongState');
  });
});

describe('the status read again', () => {
  const read = (walk: Walk, verification: Parameters<typeof walk.answer<'readNumber'>>[1]) => {
    expect(walk.send('refresh', {})).toBeNull();
    return walk.answer('readNumber', verification);
  };

  test('as it was known changes nothing', () => {
    const walk = verifiedNumber();
    const { timers } = walk.now;
    read(walk, { verified: true, verifiedAt: START, expiresAt: START + 90 * DAY });
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.now.timers).toEqual(timers);
  });

  test('with another expiry moves the deadline', () => {
    const walk = verifiedNumber();
    read(walk, { verified: true, verifiedAt: START, expiresAt: START + 60 * DAY });
    expect(walk.context.deadline?.at).toBe(START + 60 * DAY);
    walk.wait(60 * DAY);
    expect(walk.state).toBe('Unverified.waiting');
  });

  test('lapsed or verified behind our back moves the number', () => {
    const walk = verifiedNumber();
    read(walk, { verified: false, verifiedAt: START, expiresAt: null });
    expect(walk.state).toBe('Unverified.waiting');
    read(walk, { verified: true, verifiedAt: START, expiresAt: START + 90 * DAY });
    expect(walk.state).toBe('Verified.fresh');
  });

  test('verified behind our back keeps a code that was sent: it renews inside the window, and not before (rule 3)', () => {
    const walk = verifiedNumber();
    walk.wait(90 * DAY - MINUTE).send('requestCode', {});
    walk.answer('requestCode', { outcome: 'sent' }).wait(MINUTE);
    expect(walk.state).toBe('Unverified.waiting');
    read(walk, { verified: true, verifiedAt: walk.time, expiresAt: walk.time + 90 * DAY });
    expect(walk.send('submitCode', { code: '111111' })).toBe('WrongState');
    read(walk, { verified: true, verifiedAt: START, expiresAt: walk.time + DAY });
    expect(walk.send('submitCode', { code: '111111' })).toBeNull();
    expect(walk.state).toBe('Verified.renewing.verifying');
  });

  test('that is not there any more is a problem for reconcile or a person', () => {
    const walk = verifiedNumber();
    read(walk, null);
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context.problem).toMatchObject({ code: 'NotInPool' });
  });
});

describe("a number that is in Meta's pool no more", () => {
  const gone = () => {
    const walk = verifiedNumber();
    walk.send('refresh', {});
    return walk.answer('readNumber', null);
  };

  test('is reserved for nobody, whatever other problem it has since', () => {
    const walk = gone();
    expect(walk.send('reserve', { customerId: 'alice' })).toBe('NotInPool');
    walk.send('remove', {});
    walk.refuse('removeNumber', { handling: 'account' });
    expect(walk.context.problem?.code).not.toBe('NotInPool');
    expect(walk.send('reserve', { customerId: 'alice' })).toBe('NotInPool');
  });

  test('is there again once Meta sends it a code, and its problem is over', () => {
    const renewed = gone();
    renewed.wait(45 * DAY).send('requestCode', {});
    renewed.answer('requestCode', { outcome: 'unknown' });
    expect(renewed.context).toMatchObject({ gone: true, problem: { code: 'NotInPool' } });
    renewed.send('requestCode', {});
    renewed.answer('requestCode', { outcome: 'sent' });
    expect(renewed.context).toMatchObject({ gone: false, problem: null });
    expect(renewed.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('is there again once Meta takes its code', () => {
    const renewed = gone();
    renewed.wait(45 * DAY).send('requestCode', {});
    renewed.answer('requestCode', { outcome: 'unknown' });
    renewed.send('submitCode', { code: '111111' });
    renewed.answer('verifyCode', verifiedAt(renewed.time));
    expect(renewed.context).toMatchObject({ gone: false, problem: null });
  });

  test.each(['190', 'ClaimNotFound'])(
    'keeps the problem of a report that was dropped (%s) until it is seen',
    (code) => {
      const dropped = () => {
        const walk = verifiedNumber();
        walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
        while (walk.context.reportedClaims.length > 0) {
          if (code === 'ClaimNotFound') walk.answer('confirmClaim', { found: false, pool: null });
          else walk.refuse('confirmClaim', { handling: 'account', code });
          walk.wait(14 * MINUTE);
        }
        expect(walk.context.problem).toMatchObject({ code, needsPerson: true });
        return walk;
      };
      const { verification } = verifiedAt(START);
      const read = dropped();
      read.send('refresh', {});
      read.answer('readNumber', verification);
      expect(read.context.problem).toBeNull();
      const looked = dropped();
      looked.send('claim', { wabaId: '88', source: 'test' });
      looked.answer('confirmClaim', { found: false, pool: verification });
      expect(looked.context.problem).toBeNull();
    },
  );

  test('says for whom it was reserved where its claim is registered already', () => {
    const walk = verifiedNumber();
    walk.send('reserve', { customerId: 'alice' });
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    walk.answer('confirmClaim', confirmed({ registered: true }));
    expect(walk.state).toBe('Registered');
    expect(walk.life.record().problem).toMatchObject({ code: 'ReservedForAnother', needsPerson: true });
  });

  test('does not lose the problem that it was reserved for another, whatever an answer says that comes late', () => {
    const walk = verifiedNumber();
    walk.send('reserve', { customerId: 'alice' });
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    walk.send('refresh', {});
    walk.answer('confirmClaim', confirmed()).answer('readNumber', verifiedAt(START).verification);
    expect(walk.context.problem).toMatchObject({ code: 'ReservedForAnother' });
  });

  test('stays so while Meta cannot be asked', () => {
    const walk = gone();
    for (const code of ['80007', '190']) {
      walk.send('refresh', {});
      walk.refuse('readNumber', { handling: 'account', code });
      expect(walk.send('reserve', { customerId: 'alice' })).toBe('NotInPool');
    }
  });

  test('is so by a look for a claim, too, and until a look shows it', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', customerId: 'bob', source: 'test' });
    while (walk.context.reportedClaims.length > 0)
      walk.answer('confirmClaim', { found: false, pool: null }).wait(14 * MINUTE);
    expect(walk.send('reserve', { customerId: 'alice' })).toBe('NotInPool');
    walk.send('claim', { wabaId: '77', customerId: 'alice', source: 'test' });
    walk.answer('confirmClaim', { found: false, pool: verifiedAt(START).verification });
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('is none that was looked for before it was added', () => {
    const walk = new Walk({ automation: byHand });
    walk.send('claim', { wabaId: '77', customerId: 'alice', source: 'test' });
    walk.answer('confirmClaim', { found: false, pool: null }).answer('addNumber', added());
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });

  test('has no problem once a customer is found to have it', () => {
    const walk = gone();
    expect(walk.context.problem).toMatchObject({ code: 'NotInPool' });
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.verified');
    expect(walk.context.problem).toBeNull();
  });

  test('can be reserved again once it is found', () => {
    const walk = gone();
    walk.send('refresh', {});
    walk.answer('readNumber', verifiedAt(walk.time).verification);
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });
});

describe('the deadline of a registration', () => {
  test('counts from the report of the claim, however late Meta shows it (rule 4)', () => {
    const walk = verifiedNumber();
    walk.send('claim', { wabaId: '77', source: 'test' });
    const reported = walk.time;
    walk.answer('confirmClaim', { found: false, pool: null }).wait(MINUTE);
    walk.answer('confirmClaim', confirmed());
    expect(walk.context.deadline).toEqual({ at: reported + 90 * DAY, what: 'must be registered' });
  });

  test('is none where the claim handed over an unverified number', () => {
    const walk = verifiedNumber().wait(90 * DAY);
    walk.send('claim', { wabaId: '77', source: 'test' });
    walk.answer('confirmClaim', confirmed({ verified: false }));
    expect(walk.state).toBe('Claimed.lapsed');
    expect(walk.context.deadline).toBeNull();
  });
});

describe('sharing', () => {
  test('is done one change at a time, in order', () => {
    const walk = verifiedNumber();
    walk.send('share', { partnerBusinessId: '1' });
    walk.send('share', { partnerBusinessId: '2' });
    walk.send('unshare', { partnerBusinessId: '1' });
    expect(walk.now.children['changeSharing']?.input).toMatchObject({
      action: 'share',
      partnerBusinessId: '1',
    });
    walk.answer('changeSharing', undefined);
    walk.answer('changeSharing', undefined);
    walk.answer('changeSharing', undefined);
    expect(walk.context.sharedWith).toEqual(['2']);
    expect(walk.underWay).toEqual([]);
  });

  test('that Meta refuses leaves the renewal as it was', () => {
    const walk = verifiedNumber({ reverify: true, register: false });
    walk.send('share', { partnerBusinessId: '1' });
    walk.refuse('changeSharing', {});
    expect(walk.context.sharedWith).toEqual([]);
    walk.wait(67.5 * DAY);
    expect(walk.state).toBe('Verified.renewing.requesting');
  });
});

test('a reservation has one holder at a time and ends by itself', () => {
  const walk = verifiedNumber();
  expect(walk.send('reserve', { customerId: 'alice', ttl: '10 minutes' })).toBeNull();
  expect(walk.send('reserve', { customerId: 'bob' })).toBe('Reserved');
  expect(walk.send('release', { customerId: 'bob' })).toBe('Reserved');
  expect(walk.send('claimFor', { wabaId: '7', verifiedName: 'B', customerId: 'bob' })).toBe('Reserved');
  walk.wait(10 * MINUTE);
  expect(walk.context.reservation).toBeNull();
  expect(walk.send('reserve', { customerId: 'bob' })).toBeNull();
});
