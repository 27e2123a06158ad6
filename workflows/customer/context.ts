import type { TokenState } from '../../contract/customer-activities';
import type { DepartureEvent } from '../../contract/customer-messages';
import type { StepName } from '../../contract/customer-record';
import type { CustomerStart } from '../../contract/customer-start';
import type { BusinessId, PhoneNumberId, PortfolioId, WabaId } from '../../contract/ids';

/** What a customer's chart remembers: plain JSON, times in epoch milliseconds. No token and no code is in here. */
export interface CustomerContext {
  wabaId: WabaId;
  portfolioId: PortfolioId;
  businessId: BusinessId | null;
  customerId: string | null;
  /** Of their WABA; `null` for the configured one. */
  currency: string | null;
  /** Until when their token may come. */
  signingUntil: number;
  steps: Record<StepName, StepContext>;
  token: TokenState;
  /** Somebody said that they do not need our credit line: theirs is skipped whatever is configured. */
  paysThemselves: boolean;
  /** Of the credit line as it is shared with them, in Meta's words an allocation config. */
  allocationConfigId: string | null;
  numbers: KnownNumber[];
  /** Whose numbers are to be read at Meta: digits; `null` stands for all. */
  toRead: (string | null)[];
  /** Whose are being read. */
  nowReading: string | null;
  /** When all is read again because something could not be read; `null` where nothing is to be. */
  readAgainAt: number | null;
  /** When Meta showed our app as not subscribed, and it was subscribed again. */
  resubscribedAt: number | null;
  /** Times in a row that a registered number was not shown as connected. */
  looks: number;
  /** Numbers whose changed name Meta has approved, to be registered again, each from a time on. */
  toRegister: { phoneNumber: string; from: number }[];
  /** The one that is being registered again. */
  nowRegistering: string | null;
  /** When numbers were registered again in the last three days: a rolling budget. */
  registeredAgain: { phoneNumber: string; at: number }[];
  connectedAt: number | null;
  leftAt: number | null;
  /** When it goes on by itself after a failed call. */
  resumeAt: number | null;
  /** Somebody said that the customer has left, and Meta does not show it yet. */
  report: Report | null;
  /** The customer leaves: why, in whose name, and since when; acted on once no call is under way. */
  leaving: { reason: string; by: string | null; at: number } | null;
  problems: Record<Topic, (CustomerProblem & { since: number }) | null>;
  /** How each call ended last, for those who wait for it. */
  ended: Partial<Record<CustomerCall, CallEnd>>;
}

export interface CallEnd {
  at: number;
  failure: CustomerProblem | null;
  /** In a row. */
  failures: number;
  /** Before then Meta wants no other attempt; `null` where it did not say. */
  nextAttemptAt: number | null;
}

export interface StepContext {
  status: 'done' | 'pending' | 'skipped' | 'failed';
  at: number | null;
  problem: string | null;
}

export interface KnownNumber {
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
  registered: boolean;
  ended: boolean;
  status: string | null;
  nameStatus: string | null;
  readAt: number;
}

export interface Report {
  event: DepartureEvent;
  by: string | null;
  /** Times that Meta was asked and did not show it. */
  looks: number;
  lookAt: number;
}

/** What a problem is about; the most pressing first, which is the one that people see. */
export const topics = ['leaving', 'step', 'subscription', 'token', 'register', 'name', 'reading'] as const;
export type Topic = (typeof topics)[number];

/** Something that did not work, in the words that people see. */
export interface CustomerProblem {
  code: string;
  message: string;
  whatToDo: string;
  needsPerson: boolean;
}

/** The chart's children, by ID; each is one activity. */
export type CustomerCall =
  | 'subscribeCustomer'
  | 'assignSystemUser'
  | 'shareCreditLine'
  | 'readCustomer'
  | 'registerAgain'
  | 'confirmDeparture'
  | 'revokeCreditLine'
  | 'closeCustomer';

/** For how long a customer's token may come after they signed up: popups are closed and pages left. */
const TOKEN_WITHIN = 5 * 60 * 1000;

export const noProblems: CustomerContext['problems'] = {
  leaving: null,
  step: null,
  subscription: null,
  token: null,
  register: null,
  name: null,
  reading: null,
};

export const pending: StepContext = { status: 'pending', at: null, problem: null };

/** XState runs the context factory on every transition, without input: it must be total. */
export function newContext(start: (CustomerStart & { at: number }) | undefined): CustomerContext {
  return {
    wabaId: start?.wabaId ?? ('' as WabaId),
    portfolioId: start?.portfolioId ?? ('' as PortfolioId),
    businessId: start?.businessId ?? null,
    customerId: null,
    currency: null,
    signingUntil: (start?.at ?? 0) + TOKEN_WITHIN,
    steps: { exchange: pending, subscribe: pending, assignSystemUser: pending, creditLine: pending },
    token: { held: false, expiresAt: null, problem: null },
    paysThemselves: false,
    allocationConfigId: null,
    numbers: [],
    toRead: [],
    nowReading: null,
    readAgainAt: null,
    resubscribedAt: null,
    looks: 0,
    toRegister: [],
    nowRegistering: null,
    registeredAgain: [],
    connectedAt: null,
    leftAt: null,
    resumeAt: null,
    report: null,
    leaving: null,
    problems: noProblems,
    ended: {},
  };
}
