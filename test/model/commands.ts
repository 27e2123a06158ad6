import fc from 'fast-check';
import type { Rules } from './rules/facts';
import { DAY, HOUR, MINUTE } from './rules/number';

/** The calls that go on beside the life. */
export type Beside = 'changeSharing' | 'readNumber' | 'confirmClaim';

/** One thing that happens to a number: plain data, so that a failing sequence can be read and replayed. */
export type Command =
  | { message: string; payload: Record<string, string> }
  /** Which of the answers in the table below the call under way gets. */
  | { answer: number }
  | { besides: Beside; answer: number }
  /** Time passes: up to near one of the times at which something is due. */
  | { due: number; offset: -1 | 0 | 1; late: boolean }
  | { pass: number; late: boolean }
  /** Left to itself for some steps: its calls are all answered alike, and time passes to what is due next. */
  | { leave: number; alike: number }
  | { lateAnswer: true }
  | { continueAsNew: true };

const code = fc.constantFrom('111111', '222222', '333333', '444444', '555555', '666666', '777777');
const customerId = fc.constantFrom('alice', 'bob');
const wabaId = fc.constantFrom('77', '88');
const optional = { requiredKeys: [] as [] };

const payloads = {
  requestCode: fc.record({ method: fc.constantFrom('SMS', 'VOICE', 'PIGEON') }, optional),
  submitCode: fc.record({ code }),
  receiveCode: fc.record({
    text: fc.oneof(
      code.map((digits) => `WhatsApp code ${digits.slice(0, 3)}-${digits.slice(3)}`),
      fc.constantFrom('Hello', '111111 or 222222'),
    ),
  }),
  takeCode: fc.record({ customerId }, optional),
  reserve: fc.oneof(
    fc.record({ customerId, ttl: fc.constantFrom('10 minutes', '3 days') }),
    fc.record({ customerId, ttl: fc.constantFrom('nonsense') }),
  ),
  release: fc.record({ customerId }, optional),
  claim: fc.record(
    {
      wabaId,
      phoneNumberId: fc.constantFrom('501', '502'),
      customerId,
      source: fc.constantFrom('test', 'test', 'test', 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING'),
    },
    { requiredKeys: ['wabaId', 'source'] },
  ),
  claimFor: fc.record(
    { wabaId, verifiedName: fc.constant('Lucky Shrub'), customerId },
    { requiredKeys: ['wabaId', 'verifiedName'] },
  ),
  register: fc.record({ pin: fc.constantFrom('111111', '222222', '12') }, optional),
  share: fc.record({ partnerBusinessId: fc.constantFrom('1', '2') }),
  unshare: fc.record({ partnerBusinessId: fc.constantFrom('1', '2') }),
  remove: fc.record({ by: fc.constant('test') }, optional),
  endClaim: fc.record({ wabaId }),
  refresh: fc.record({ by: fc.constant('test') }, optional),
} satisfies Record<string, fc.Arbitrary<object>>;

export const say = (message: keyof typeof payloads) =>
  payloads[message].map((payload) => ({ message, payload }));

export const messages = fc.oneof(
  { arbitrary: say('submitCode'), weight: 5 },
  { arbitrary: say('requestCode'), weight: 3 },
  { arbitrary: say('claim'), weight: 2 },
  { arbitrary: say('register'), weight: 2 },
  {
    arbitrary: fc.oneof(...(['receiveCode', 'takeCode', 'reserve', 'release'] as const).map(say)),
    weight: 3,
  },
  {
    arbitrary: fc.oneof(
      ...(['claimFor', 'share', 'unshare', 'remove', 'endClaim', 'refresh'] as const).map(say),
    ),
    weight: 3,
  },
);

const late = fc.boolean();
const time = fc.oneof(
  fc.record({ due: fc.nat(2), offset: fc.constantFrom(0 as const, -1 as const, 1 as const), late }),
  fc.record({ pass: fc.constantFrom(MINUTE, 4 * MINUTE, 10 * MINUTE, HOUR, DAY, 30 * DAY, 100 * DAY), late }),
);

export const command: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: fc.nat(99).map((answer) => ({ answer })), weight: 10 },
  { arbitrary: messages, weight: 9 },
  { arbitrary: time, weight: 5 },
  {
    arbitrary: fc.record({
      besides: fc.constantFrom<Beside[]>('changeSharing', 'readNumber', 'confirmClaim', 'confirmClaim'),
      answer: fc.nat(99),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      leave: fc.integer({ min: 2, max: 26 }),
      alike: fc.oneof(fc.constant(0), fc.nat(99)),
    }),
    weight: 1,
  },
  { arbitrary: fc.constantFrom<Command>({ continueAsNew: true }, { lateAnswer: true }), weight: 1 },
);

export const rules: fc.Arbitrary<Rules> = fc.record({
  removeUnverifiedAfter: fc.constantFrom(90 * DAY, 5 * MINUTE, 3 * HOUR),
  verifiedFor: fc.constantFrom(90 * DAY, 28 * DAY, 2 * HOUR),
  reverifyWindow: fc.constantFrom(45 * DAY, DAY, 2 * HOUR),
  registerWithin: fc.constantFrom(90 * DAY, 14 * DAY, 20 * MINUTE),
  automation: fc.record({ requestCode: fc.boolean(), reverify: fc.boolean(), register: fc.boolean() }),
});
