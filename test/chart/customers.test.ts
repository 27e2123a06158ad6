import { customerMessageNames, type CustomerMessageName } from '../../contract/customer-messages';
import { customerChart } from '../../workflows/customer/chart';
import { contextOf } from '../../workflows/customer/customer-record';
import { possibleMessages } from '../../workflows/customer/ui-text';
import { phasesOf } from '../../scripts/lifecycle-page';
import { Arrows } from './arrows';
import {
  businessId,
  connected,
  customerPhases,
  noToken,
  numberAtMeta,
  read,
  shared,
  subscribed,
  type CustomerWalk,
} from './customer-walk';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const arrows = new Arrows(customerChart);

const samples: { [Name in CustomerMessageName]: Parameters<CustomerWalk['send']>[1] } = {
  connect: { customerId: 'carol' },
  offboard: {},
  refresh: {},
  reportDeparture: { event: 'PARTNER_REMOVED', businessId },
  reportToken: { code: '190', message: 'The session was invalidated.' },
};

/** Columns: connect, offboard, refresh, reportDeparture, reportToken. + accepted · - WrongState */
const table: Record<string, string> = {
  'Signing.waiting': '+++++',
  'Connecting.subscribing': '+++++',
  'Connecting.assigning': '+++++',
  'Connecting.funding': '+++++',
  'Connecting.waiting': '+++++',
  'Connecting.leaving.revoking': '-+-++',
  'Connecting.leaving.closing': '-+-++',
  'Connecting.leaving.waiting': '-+-++',
  'Connected.settled': '+++++',
  'Connected.leaving.revoking': '-+-++',
  'Connected.leaving.closing': '-+-++',
  'Connected.leaving.waiting': '-+-++',
  Left: '-----',
};

test('the table has a row for every phase of the chart', () => {
  expect(Object.keys(table).sort()).toEqual(phasesOf(customerChart).sort());
  expect(Object.keys(customerPhases).sort()).toEqual(Object.keys(table).sort());
});

describe.each(Object.entries(table))('%s', (phase, row) => {
  test.each(customerMessageNames.map((name, column) => [name, row[column]] as const))(
    '%s: %s',
    (name, expected) => {
      const walk = customerPhases[phase]!();
      expect(walk.state).toBe(phase);
      const before = walk.now;
      expect(walk.send(name, samples[name])).toBe(expected === '+' ? null : 'WrongState');
      if (expected !== '+') expect(walk.now).toBe(before);
    },
  );
});

/** What an operator can send to get a customer out of where they stand; the others change nothing of their life. */
const waysOut: readonly CustomerMessageName[] = ['connect', 'offboard'];
const exits = (walk: CustomerWalk): string[] => [
  ...Object.keys(walk.now.timers),
  ...Object.keys(walk.now.children),
  ...possibleMessages(walk.life.chart, walk.now, walk.time).filter((name) => waysOut.includes(name)),
];
const living = Object.entries(customerPhases).filter(([phase]) => phase !== 'Left');

test.each(living)('%s is left by a timer, a call or a message of an operator', (_, at) => {
  expect(exits(at())).not.toEqual([]);
});

test.each(living)('a call of %s that Meta refuses for good leaves a way out', (_, at) => {
  for (const handling of ['account', 'pin', 'number', 'verifyFirst'] as const) {
    for (const call of at().underWay) {
      const walk = at().refuse(call, { handling, retryAfter: null });
      expect([handling, exits(walk)]).not.toEqual([handling, []]);
    }
  }
});

test('a step that waits for Meta is tried again by itself, and a message that names another business is refused in every phase', () => {
  const waiting = customerPhases['Connecting.waiting']!().wait(60_000);
  expect(waiting.state).toBe('Connecting.funding');
  for (const [, at] of living) {
    const walk = at();
    const { businessId: known } = contextOf(walk.now);
    const refused = walk.send('reportDeparture', { event: 'PARTNER_REMOVED', businessId: '4711' });
    // Where none is on record, there is nothing to compare.
    expect(refused).toBe(known === null ? null : 'WrongBusiness');
  }
});

test('a report of a departure ends, however Meta answers', () => {
  for (const answers of [true, false]) {
    const walk = connected();
    walk.send('reportDeparture', { event: 'ACCOUNT_DELETED', businessId });
    for (let looks = 0; contextOf(walk.now).report !== null; looks++) {
      expect(looks).toBeLessThan(7);
      if (answers) walk.answer('confirmDeparture', { webhooks: false, left: false });
      else walk.refuse('confirmDeparture', { handling: 'account', retryAfter: 60_000 });
      walk.wait(15 * 60_000);
    }
    expect(walk.state).toBe('Connected.settled');
  }
});

test('every arrow of the chart can be taken', () => {
  for (const [, at] of living) for (const call of at().underWay) at().refuse(call, { retryAfter: 60_000 });
  customerPhases['Signing.waiting']!().wait(DAY);
  customerPhases['Signing.waiting']!().send('offboard', {});
  customerPhases['Connecting.leaving.waiting']!().wait(DAY);
  customerPhases['Connected.leaving.waiting']!().wait(DAY);
  const asked = customerPhases['Connecting.subscribing']!();
  asked.send('offboard', {});
  expect(asked.send('connect', {})).toBe('WrongState');
  asked.answer('subscribeCustomer', subscribed());
  expect(asked.state).toBe('Connecting.leaving.revoking');
  customerPhases['Connecting.leaving.closing']!().answer('closeCustomer', { webhooks: false, numbers: [] });
  customerPhases['Connecting.leaving.closing']!().refuse('closeCustomer', { retryAfter: 60_000 });
  customerPhases['Connected.leaving.closing']!().refuse('closeCustomer', { retryAfter: 60_000 });
  customerPhases['Connecting.waiting']!().send('connect', {});
  const left = connected();
  left.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  left.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  left.send('reportDeparture', { event: 'PARTNER_APP_UNINSTALLED' });
  left.answer('confirmDeparture', { webhooks: false, left: true });
  expect(left.state).toBe('Connected.leaving.revoking');
  const again = connected();
  again.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  again.answer('confirmDeparture', { webhooks: false, left: false });
  again.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  const unsubscribed = connected();
  unsubscribed.send('refresh', {});
  unsubscribed.answer('readCustomer', read({ subscribed: false }));
  expect(unsubscribed.state).toBe('Connecting.subscribing');
  const dying = connected();
  dying.send('connect', {});
  dying.answer(
    'readCustomer',
    read({ token: { held: true, expiresAt: dying.time + 60 * DAY, problem: null } }),
  );
  dying.wait(60 * DAY);
  expect(dying.underWay).toEqual(['readCustomer']);
  dying.refuse('readCustomer', {});
  const renamed = connected();
  const newName = { webhooks: false, skipped: null };
  renamed.send('refresh', {});
  renamed.answer('readCustomer', read({ numbers: [numberAtMeta({ newNameStatus: 'APPROVED' })] }));
  renamed.answer('registerAgain', newName);
  const refused = connected();
  refused.send('refresh', {});
  refused.answer('readCustomer', read({ numbers: [numberAtMeta({ newNameStatus: 'APPROVED' })] }));
  refused.refuse('registerAgain', { handling: 'wait', retryAfter: HOUR });
  refused.wait(HOUR);
  expect(arrows.neverTaken).toEqual([]);
});

test('a reading that Meta refuses is repeated an hour later, not at once: before a token expires, and while a number connects', () => {
  const dying = connected();
  dying.send('connect', {});
  const token = { held: true, expiresAt: dying.time + 60 * DAY, problem: null };
  dying.answer('readCustomer', read({ token }));
  dying.wait(54 * DAY);
  const unconnected = connected();
  unconnected.send('refresh', {});
  unconnected.answer('readCustomer', read({ numbers: [numberAtMeta({ status: 'PENDING' })] }));
  unconnected.wait(MINUTE);
  for (const walk of [dying, unconnected]) {
    expect(walk.underWay).toEqual(['readCustomer']);
    for (let failures = 0; failures < 3; failures++) {
      walk.refuse('readCustomer', { code: '190', handling: 'account', retryAfter: null });
      expect(walk.underWay).toEqual([]);
      walk.wait(HOUR - 1);
      expect(walk.underWay).toEqual([]);
      walk.wait(1);
      expect(walk.underWay).toEqual(['readCustomer']);
    }
    walk.refuse('readCustomer', { code: '80008', handling: 'account', retryAfter: 5 * HOUR });
    walk.wait(5 * HOUR - 1);
    expect(walk.underWay).toEqual([]);
    walk.wait(1);
    walk.answer('readCustomer', read());
    expect([walk.state, walk.underWay]).toEqual(['Connected.settled', []]);
  }
});

const failures = [
  { code: '190', handling: 'account', retryAfter: HOUR },
  { code: '80008', handling: 'wait', retryAfter: 3 * HOUR },
  { code: '4711', handling: 'account', retryAfter: null },
] as const;

test.each(failures)(
  'a reading that ends with $code is made again by itself: the first, and that of one number',
  (failure) => {
    const first = customerPhases['Connecting.funding']!().answer('shareCreditLine', shared);
    const one = connected();
    one.send('refresh', { phoneNumber: '15550783881' });
    for (const walk of [first, one]) {
      for (let times = 0; times < 3; times++) {
        walk.refuse('readCustomer', failure);
        // A reading that works meanwhile, of another number, is not that one.
        if (times === 2) {
          walk.send('refresh', { phoneNumber: '15550783882' });
          walk.answer('readCustomer', read({ all: false }));
        }
        const pause = failure.retryAfter ?? HOUR;
        walk.wait(pause - 1);
        expect(walk.underWay).toEqual([]);
        walk.wait(1);
        expect(walk.underWay).toEqual(['readCustomer']);
      }
      walk.answer('readCustomer', read());
      expect([walk.underWay, walk.now.timers, contextOf(walk.now).problems.reading]).toEqual([[], {}, null]);
    }
  },
);

/** Meta has approved the new name of a registered number. */
function approved(...numbers: string[]): CustomerWalk {
  const walk = connected();
  walk.send('refresh', {});
  const renamed = numbers.map((phoneNumber) => numberAtMeta({ phoneNumber, newNameStatus: 'APPROVED' }));
  return walk.answer('readCustomer', read({ numbers: renamed }));
}
const problemCode = (walk: CustomerWalk) => walk.life.record().problem?.code ?? null;
const registering = (walk: CustomerWalk) =>
  (walk.now.children['registerAgain']?.input as { phoneNumber: string } | undefined)?.phoneNumber;

test('a registration for a new name that Meta puts off is made again at its time, and holds up no other number', () => {
  const [slow, other] = ['15550783881', '15550783882'] as const;
  const walk = approved(slow, other);
  expect(registering(walk)).toBe(slow);
  walk.refuse('registerAgain', { code: '80008', handling: 'wait', retryAfter: 5 * HOUR });
  expect(registering(walk)).toBe(other);
  walk.answer('registerAgain', { webhooks: false, skipped: null });
  const still = [numberAtMeta({ phoneNumber: slow, newNameStatus: 'APPROVED' })];
  walk.answer('readCustomer', read({ numbers: still }));
  walk.wait(5 * HOUR - 1);
  expect(walk.underWay).toEqual([]);
  walk.wait(1);
  expect(registering(walk)).toBe(slow);
  walk.answer('registerAgain', { webhooks: false, skipped: null }).answer('readCustomer', read());
  expect([walk.underWay, walk.now.timers]).toEqual([[], {}]);
});

test('a registration that never reached Meta counts for nothing: once a person has set the PIN, a refresh registers the number', () => {
  const walk = approved('15550783881');
  for (let times = 0; times < 5; times++) {
    walk.refuse('registerAgain', { code: 'PinUnknown', handling: 'account', turnedAway: true });
    walk.wait(20 * MINUTE);
    expect(walk.underWay).toEqual([]);
    walk.send('refresh', {});
    walk.answer('readCustomer', read({ numbers: [numberAtMeta({ newNameStatus: 'APPROVED' })] }));
    expect(registering(walk)).toBe('15550783881');
  }
  walk.answer('registerAgain', { webhooks: false, skipped: null }).answer('readCustomer', read());
  expect(problemCode(walk)).toBeNull();
});

test('a number whose life ended before it was registered is a problem for a person while Meta does not show it as connected', () => {
  const walk = connected();
  const known = (status: string | null, ended = true) => {
    walk.send('refresh', {});
    const declined = numberAtMeta({ phoneNumber: '15550783882', nameStatus: 'DECLINED' });
    walk.answer(
      'readCustomer',
      read({ numbers: [declined, numberAtMeta({ registered: false, ended, status })] }),
    );
    return walk.life.record().problem;
  };
  for (const status of ['PENDING', 'DISCONNECTED', null]) {
    const problem = known(status);
    expect(problem).toMatchObject({ code: 'NumberNotRegistered', needsPerson: true });
    expect(problem?.message).toContain('+15550783881');
  }
  expect(known('CONNECTED')?.code).toBe('Name_DECLINED');
  // One that is claimed registers by itself.
  expect(known('PENDING', false)?.code).toBe('Name_DECLINED');
});

test('a name that Meta shows as approved and not approved by turns is asked for hourly, not at once and for ever', () => {
  const walk = approved('15550783881');
  for (let times = 0; times < 5; times++) {
    walk.answer('registerAgain', { webhooks: false, skipped: 'Meta does not show it.' });
    walk.wait(HOUR - 1);
    expect(walk.underWay).toEqual([]);
    walk.wait(1);
    walk.answer('readCustomer', read({ numbers: [numberAtMeta({ newNameStatus: 'APPROVED' })] }));
  }
  expect(registering(walk)).toBe('15550783881');
});

test('a number that somebody else has registered for its new name is no problem any more', () => {
  const walk = approved('15550783881').refuse('registerAgain', { code: 'PinUnknown', turnedAway: true });
  expect(problemCode(walk)).toBe('PinUnknown');
  walk.send('refresh', {});
  walk.answer('readCustomer', read({ numbers: [numberAtMeta()] }));
  expect(problemCode(walk)).toBeNull();
});

test('a number that waits to be registered again, and is gone or has its name by then, is not', () => {
  const walk = approved('15550783881').refuse('registerAgain', { handling: 'wait', retryAfter: 5 * HOUR });
  walk.send('refresh', {});
  walk.answer('readCustomer', read());
  expect(walk.now.timers).toEqual({});
});

test('however often Meta refuses it, a number is registered again three times in 72 hours at most', () => {
  const walk = approved('15550783881');
  for (let hours = 1; hours < 3 * 72; hours++) {
    if (registering(walk)) walk.refuse('registerAgain', { handling: 'wait', retryAfter: 15 * MINUTE });
    walk.wait(HOUR);
  }
  expect(contextOf(walk.now).registeredAgain).toHaveLength(9);
});

test('a reading ends no problem of a step that failed', () => {
  const numbers = [numberAtMeta({ status: 'PENDING' })];
  for (const isSubscribed of [true, false]) {
    const walk = connected();
    walk.send('refresh', {});
    walk.answer('readCustomer', read({ subscribed: false, numbers }));
    walk.refuse('subscribeCustomer', { code: '200', handling: 'account', retryAfter: 5 * HOUR });
    walk.wait(MINUTE).answer('readCustomer', read({ subscribed: isSubscribed, numbers }));
    expect([walk.state, problemCode(walk)]).toEqual(['Connecting.waiting', '200']);
  }
});

test('an app that Meta shows as not subscribed stays a problem until a reading that asks says otherwise', () => {
  const walk = connected();
  const unsubscribed = () => {
    walk.send('refresh', {});
    walk.answer('readCustomer', read({ subscribed: false }));
  };
  unsubscribed();
  walk.answer('subscribeCustomer', subscribed()).answer('readCustomer', read());
  unsubscribed();
  expect([walk.state, problemCode(walk)]).toEqual(['Connected.settled', 'NotSubscribed']);
  walk.send('refresh', { phoneNumber: '15550783881' });
  walk.answer('readCustomer', read({ all: false, numbers: [numberAtMeta()] }));
  expect(problemCode(walk)).toBe('NotSubscribed');
  walk.send('refresh', {});
  walk.answer('readCustomer', read());
  expect(problemCode(walk)).toBeNull();
});

test('that the app was uninstalled is looked at whatever else is reported before, meanwhile and after', () => {
  const looksAt = (walk: CustomerWalk) =>
    (walk.now.children['confirmDeparture']?.input as { event: string } | undefined)?.event;
  const walk = connected();
  walk.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  walk.send('reportDeparture', { event: 'PARTNER_APP_UNINSTALLED', by: 'Meta' });
  expect(looksAt(walk)).toBe('PARTNER_APP_UNINSTALLED');
  // One look for each event at a time, however often it is reported.
  const { serial } = walk.now.children['confirmDeparture']!;
  walk.send('reportDeparture', { event: 'PARTNER_APP_UNINSTALLED' });
  walk.send('reportDeparture', { event: 'ACCOUNT_DELETED' });
  expect(walk.now.children['confirmDeparture']?.serial).toBe(serial);
  walk.answer('confirmDeparture', { webhooks: false, left: false });
  walk.send('reportDeparture', { event: 'PARTNER_REMOVED' });
  expect(looksAt(walk)).toBe('PARTNER_APP_UNINSTALLED');
  walk.answer('confirmDeparture', { webhooks: false, left: true });
  expect(contextOf(walk.now).leaving).toMatchObject({ reason: 'PARTNER_APP_UNINSTALLED', by: 'Meta' });
});

test('a credit line that Meta refuses is no trouble of a customer who pays for themselves; one that is shared stays', () => {
  const refused = customerPhases['Connecting.funding']!().refuse('shareCreditLine', {});
  expect(contextOf(refused.now).problems.step).not.toBeNull();
  refused.send('connect', { creditLine: false });
  expect(refused.state).toBe('Connected.settled');
  expect(contextOf(refused.now)).toMatchObject({
    problems: { step: null },
    steps: { creditLine: { status: 'skipped' } },
  });
  const funded = connected();
  funded.send('connect', { creditLine: false });
  expect(contextOf(funded.now).steps.creditLine.status).toBe('done');
});

test('a worker that is configured for less leaves the steps out, with the setting that it lacks, until one reads the customer that has it', () => {
  const walk = customerPhases['Connecting.subscribing']!();
  const missing = { systemUser: 'no user', creditLine: 'no credit line' };
  walk.answer('subscribeCustomer', { ...subscribed(noToken), missing });
  expect(walk.state).toBe('Connected.settled');
  const left = {
    assignSystemUser: { status: 'skipped', problem: 'no user' },
    creditLine: { status: 'skipped', problem: 'no credit line' },
  };
  expect(contextOf(walk.now).steps).toMatchObject(left);
  walk.answer('readCustomer', read({ missing }));
  expect(contextOf(walk.now).steps).toMatchObject(left);
  expect(walk.state).toBe('Connected.settled');

  walk.send('connect', {});
  walk.answer('readCustomer', read());
  expect(walk.state).toBe('Connecting.assigning');
  walk.answer('assignSystemUser', { webhooks: false }).answer('shareCreditLine', shared);
  expect(walk.state).toBe('Connected.settled');
});

test('a customer who pays Meta themselves gets no credit line of ours because a worker has one by now', () => {
  const walk = customerPhases['Signing.waiting']!();
  walk.send('connect', { creditLine: false });
  const missing = { systemUser: null, creditLine: 'no credit line' };
  walk.answer('subscribeCustomer', { ...subscribed(), missing });
  walk.answer('assignSystemUser', { webhooks: false }).answer('readCustomer', read());
  expect(walk.state).toBe('Connected.settled');
  expect(contextOf(walk.now).steps.creditLine).toMatchObject({
    ...{ status: 'skipped', problem: 'The customer pays Meta themselves.' },
  });
});
