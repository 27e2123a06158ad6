import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import type { CodeMethod } from '../../contract/messages';
import type { NumberStart } from '../../contract/number-start';
import type { Automation, Policy } from '../../contract/policy';

/** What a number's chart remembers: plain JSON, times in epoch milliseconds. Codes and the PIN are in here. */
export interface NumberContext {
  phoneNumber: string;
  portfolioId: PortfolioId;
  policy: Policy;
  automation: Automation;
  /** `null` until it is told, or known by its line type. */
  codeMethod: CodeMethod | null;
  language: string;

  preverifiedId: PreverifiedId | null;
  /** Meta's pool did not have it when Meta was last asked and answered. */
  gone: boolean;
  addedAt: number | null;
  verifiedAt: number | null;
  verificationExpiresAt: number | null;
  registeredAt: number | null;

  /** The moment at which the state ends by itself; `CodeRequested` keeps that of the state it came from. */
  deadline: { at: number; what: string } | null;
  /** When the number resumes by itself: after a failed call, to renew, to register. Only the phases that wait for it read it. */
  resumeAt: number | null;
  /** Asked for before Meta had added the number. */
  asked: { code: boolean; removal: boolean };

  code: CodeRound | null;
  /** A code that nobody here asked for: for the customer who takes the number, shown once. */
  keptCode: { code: string; at: number } | null;
  /** Texts of the last minute that may be one of two parts of a message. */
  parts: { text: string; from: string; at: number }[];
  /** When codes were sent in the last day, and registrations tried in the last three days: rolling budgets. */
  codesSentAt: number[];
  registeringAt: number[];
  /** The claim that Meta has shown. */
  claim: Claim | null;
  /** When the verification of the claimed number ran out last; `null` before. */
  claimLapsedAt: number | null;
  /** Claims that somebody reported and Meta has not shown; the one that is looked for stands first. */
  reportedClaims: ReportedClaim[];
  /** A claim through the API that Meta has not answered yet. */
  claiming: ClaimFor | null;
  pin: string | null;
  /** Whether the number has our PIN; `null` before it is registered. */
  pinOurs: boolean | null;
  dataLocalizationRegion: string | null;
  reservation: Reservation | null;
  /** How many there have been, so that each has an ID of its own. */
  reservations: number;
  sharedWith: BusinessId[];
  /** Shares and unshares to be done; the first one is under way. */
  sharing: Sharing[];

  problem: (NumberProblem & { since: number; about: Call }) | null;
  /** How each call ended last, for those who wait for it, and how often in a row it failed. */
  ended: Partial<Record<Call, CallEnd>>;
}

export interface CallEnd {
  at: number;
  failure: NumberProblem | null;
  failures: number;
  /** Before then Meta is not asked again, whatever passes meanwhile. */
  notBefore?: number;
}

/** One requested code: from `request_code` to the code that verifies, or to its end. */
export interface CodeRound {
  method: CodeMethod;
  language: string;
  /** The method by which Meta could not send the code, so that the other one is tried; `null` where it could, or was not asked yet. */
  notSentBy: CodeMethod | null;
  /** Requested by the number itself, after a round that brought no right code. */
  again: boolean;
  /** When Meta had sent it, or may have; `null` before. */
  sentAt: number | null;
  /** Meta has said so; `false` where its answer was lost. */
  certain: boolean;
  /** The code that is with Meta. */
  submitted: string | null;
  /** Codes that came while none could be handed in, in their order. */
  held: string[];
  /** Codes that may be another service's, with the time at which each came. */
  doubtful: { code: string; at: number }[];
  /** Codes that Meta called wrong in this round. */
  wrong: string[];
  /** A code came and Meta would not check it: when Meta may be asked again. `null` where it would. */
  uncheckedUntil: number | null;
  /** The code that verified the number. */
  accepted: string | null;
  /** What came in place of a code, and when another is asked for if none comes; `null` where the number asks no more. */
  missed: { what: string; undelivered: boolean; askAt: number | null } | null;
}

export interface Claim {
  wabaId: WabaId;
  phoneNumberId: PhoneNumberId | null;
  businessId: BusinessId | null;
  customerId: string | null;
  source: string;
  /** The reservation under which it was reported or taken; `null` where no session of signup speaks. */
  reservationId: string | null;
  /** Who reported it. */
  by: string | null;
  /** When it was first heard of: 90 days to register count from then (rule 4). */
  claimedAt: number;
}

/** A claim is a hint until Meta shows the number on the WABA. */
export interface ReportedClaim extends Claim {
  /** Times that Meta was asked and did not show it. */
  looks: number;
  lookAt: number;
  /** At the last look Meta showed the number in the pool. */
  inPool: boolean;
  /** A message waits for the next look. */
  awaited: boolean;
}

export interface Reservation {
  id: string;
  customerId: string;
  until: number;
}

export interface ClaimFor {
  wabaId: WabaId;
  verifiedName: string;
  customerId: string | null;
  by: string | null;
}

export interface Sharing {
  action: 'share' | 'unshare';
  partnerBusinessId: BusinessId;
}

/** Something that did not work, in the words that people see. */
export interface NumberProblem {
  /** The type of the rejection that a waiting update gets. */
  type: string;
  code: string;
  message: string;
  whatToDo: string;
  /** It neither passes by itself nor does the number mend it. */
  needsPerson: boolean;
}

/** The chart's children, by ID; each is one activity. */
export type Call =
  | 'addNumber'
  | 'requestCode'
  | 'verifyCode'
  | 'confirmClaim'
  | 'claimNumber'
  | 'registerNumber'
  | 'changeSharing'
  | 'readNumber'
  | 'removeNumber';

/** XState runs the context factory on every transition, without input: it must be total. */
export function newContext(start: NumberStart | undefined): NumberContext {
  return {
    phoneNumber: start?.phoneNumber.digits ?? '',
    portfolioId: start?.portfolioId ?? ('' as PortfolioId),
    policy: start?.policy ?? {
      removeUnverifiedAfter: 0,
      verifiedFor: 0,
      reverifyWindow: 0,
      registerWithin: 0,
    },
    automation: start?.automation ?? { requestCode: false, reverify: false, register: false },
    codeMethod: start?.codeMethod ?? null,
    language: start?.language ?? 'en_US',
    preverifiedId: null,
    gone: false,
    addedAt: null,
    verifiedAt: null,
    verificationExpiresAt: null,
    registeredAt: null,
    deadline: null,
    resumeAt: null,
    asked: { code: start?.automation.requestCode ?? false, removal: false },
    code: null,
    keptCode: null,
    parts: [],
    codesSentAt: [],
    registeringAt: [],
    claim: null,
    claimLapsedAt: null,
    reportedClaims: [],
    claiming: null,
    pin: null,
    pinOurs: null,
    dataLocalizationRegion: null,
    reservation: null,
    reservations: 0,
    sharedWith: [],
    sharing: [],
    problem: null,
    ended: {},
  };
}
