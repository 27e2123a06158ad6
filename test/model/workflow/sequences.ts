import fc from 'fast-check';
import { messages, say } from '../commands';
import { DAY, HOUR, MINUTE } from '../rules/number';

/** One thing that is done to a number, or around it: plain data. */
export type Deed =
  | { message: string; payload: Record<string, string>; signal: boolean }
  /** A code that the telephone received: the newest, or the one before it. */
  | { code: 'newest' | 'older'; signal: boolean }
  /** A customer picks the number at Meta; it is told at once, without the new ID, or not at all. */
  | { taken: string; told: 'fully' | 'vaguely' | 'never' }
  /** The next call is held, before it is made or before its answer is known, until the round ends or it is let go. */
  | { hold: 'before' | 'after' }
  | { letGo: true }
  | { fault: object };

/** Time that passes for all: a span, or up to near one of the times at which something is due to one of them. */
export type Passing = { span: number } | { due: number; which: number; offset: number };

export interface LifePlan {
  automation: { requestCode: boolean; reverify: boolean; register: boolean };
  /** Its first call is held. */
  held: boolean;
  /** What is done before each passing of time, and after the last one. */
  rounds: Deed[][];
}

/** Numbers that live at the same time on one server. */
export interface Batch {
  lives: LifePlan[];
  time: Passing[];
}

const error = (call: string, code: number, error_subcode?: number) => ({
  call,
  error: { code, ...(error_subcode && { error_subcode }) },
});

/** What the next such call meets at Meta. */
const faults = [
  error('add_phone_numbers', 100),
  error('add_phone_numbers', 190),
  error('request_code', 136024, 2388091),
  error('request_code', 136024, 2388367),
  error('request_code', 100),
  error('verify_code', 80008),
  error('verify_code', 100),
  error('register', 133016),
  error('register', 133005),
  error('register', 133006),
  error('register', 2),
  error('phone_numbers', 190),
  error('create_phone_number', 100),
  error('delete_preverified_number', 100),
  error('share_preverified_numbers', 190),
  error('get_preverified_number', 190),
  ...['add_phone_numbers', 'request_code', 'verify_code', 'create_phone_number', 'register'].map((call) => ({
    call,
    answerLost: true,
  })),
  { call: '*', error: { status: 503, emptyBody: true } },
  { call: '*', dropped: true },
];

const signal = fc.boolean();
const wabaId = fc.constantFrom('77', '88');

const saying = (message: typeof messages) =>
  fc.tuple(message, signal).map(([message, signal]): Deed => ({ ...message, signal }));

const act: fc.Arbitrary<Deed> = fc.oneof(
  { arbitrary: saying(messages), weight: 8 },
  {
    arbitrary: fc.record({ code: fc.constantFrom('newest' as const, 'newest', 'newest', 'older'), signal }),
    weight: 8,
  },
  {
    arbitrary: fc.record({ taken: wabaId, told: fc.constantFrom('fully' as const, 'vaguely', 'never') }),
    weight: 2,
  },
);
const hold = fc.record({ hold: fc.constantFrom('before' as const, 'after') });
/** Calls that take longer than it takes to say more. */
const slow = fc.constantFrom<Deed>(
  { message: 'requestCode', payload: {}, signal: false },
  { code: 'newest', signal: false },
  { taken: '88', told: 'fully' },
  { message: 'claimFor', payload: { wabaId: '77', verifiedName: 'Lucky Shrub' }, signal: false },
  { message: 'register', payload: {}, signal: false },
  { message: 'remove', payload: {}, signal: false },
);

/** Customers who want the same number. */
const rivals = fc.array(saying(say('reserve')), { minLength: 2, maxLength: 3 });
/** Somebody who tries more codes than there are tries. */
const guesses = fc
  .shuffledSubarray(['111111', '222222', '333333', '444444', '555555', '666666', '777777'], { minLength: 5 })
  .map((codes): Deed[] => [
    { message: 'requestCode', payload: {}, signal: false },
    ...codes.map((code) => ({ message: 'submitCode', payload: { code }, signal: false })),
  ]);

const deeds: fc.Arbitrary<Deed[]> = fc.oneof(
  { arbitrary: act.map((one) => [one]), weight: 14 },
  { arbitrary: fc.tuple(hold, slow, act), weight: 5 },
  { arbitrary: fc.oneof(rivals, guesses), weight: 2 },
  { arbitrary: hold.map((one) => [one]), weight: 1 },
  { arbitrary: fc.constant<Deed[]>([{ letGo: true }]), weight: 1 },
  { arbitrary: fc.constantFrom(...faults).map((fault) => [{ fault }]), weight: 2 },
);

const passing: fc.Arbitrary<Passing> = fc.oneof(
  fc.record({
    due: fc.nat(31),
    which: fc.nat(3),
    // A machine may take a moment for what comes before.
    offset: fc.constantFrom(-5_000, 1, 1),
  }),
  fc.record({
    span: fc.constantFrom(MINUTE, 4 * MINUTE, 10 * MINUTE, HOUR, DAY, DAY, 4 * DAY, 20 * DAY, 50 * DAY),
  }),
);

/** How a life may begin, so that every part of it is lived often. */
const verify: Deed[] = [
  { letGo: true },
  { message: 'requestCode', payload: {}, signal: false },
  { code: 'newest', signal: false },
];
const beginning = fc.constantFrom<Deed[]>([], verify, verify, [...verify, { taken: '77', told: 'fully' }]);

/** Each sequence has one round more than time passes. */
export function batch(numbers: number, passings: number): fc.Arbitrary<Batch> {
  const round = fc.array(deeds, { minLength: 1, maxLength: 4 }).map((all) => all.flat());
  const rounds = fc
    .tuple(beginning, round, fc.array(round, { minLength: passings, maxLength: passings }))
    .map(([begun, first, others]) => [[...begun, ...first], ...others]);
  const automation = fc.record({ requestCode: fc.boolean(), reverify: fc.boolean(), register: fc.boolean() });
  return fc.record({
    lives: fc.array(fc.record({ automation, held: fc.boolean(), rounds }), {
      minLength: numbers,
      maxLength: numbers,
    }),
    time: fc.array(passing, { minLength: passings, maxLength: passings }),
  });
}
