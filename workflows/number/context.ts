import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import type { CodeMethod } from '../../contract/messages';
import type { Automation, Policy } from '../../contract/policy';
import type { NumberStart } from '../../contract/number-start';

/** What a number's chart remembers: plain JSON, times in epoch milliseconds. Codes and the PIN are in here. */
export interface NumberContext {
  phoneNumber: string;
  portfolioId: PortfolioId;
  policy: Policy;
  automation: Automation;
  codeMethod: CodeMethod;
  language: string;

  preverifiedId: PreverifiedId | null;
  addedAt: number | null;
  verifiedAt: number | null;
  verificationExpiresAt: number | null;
  registeredAt: number | null;

  /** The moment at which the state ends by itself; `CodeRequested` keeps that of the state it came from. */
  deadline: { at: number; what: string } | null;
  /** When the number goes on by itself after a refusal, renews or registers; only the phases that wait for it read it. */
  resumeAt: number | null;
  /** Asked for before the number was ready for it. */
  asked: { code: boolean; removal: boolean; registration: boolean };

  code: CodeRound | null;
  /** A code that came though none was asked for: for the customer who takes the number, shown once. */
  keptCode: { code: string; at: number } | null;
  /** When codes were sent in the last day, and registrations tried in the last three: their budgets roll. */
  codesSentAt: number[];
  registeringAt: number[];
  claim: Claim | null;
  /** A claim through the API that Meta has not answered yet. */
  claiming: Claim | null;
  pin: string | null;
  dataLocalizationRegion: string | null;
  reservation: { customerId: string; until: number } | null;
  sharedWith: BusinessId[];
  /** Shares and unshares to be done, the first one under way. */
  sharing: Sharing[];
  sharingUnderWay: boolean;
  /** The status is being read at Meta. */
  reading: boolean;

  problem: (Failure & { since: number; about: Call }) | null;
  /** How each call ended last, for those who wait for it, and how often in a row it failed. */
  ended: Partial<Record<Call, { at: number; failure: Failure | null; failures: number }>>;
}

/** One requested code: from `request_code` to the code that verifies, or to its end. */
export interface CodeRound {
  method: CodeMethod;
  language: string;
  /** Asked for by the number itself, after a round that brought no right code. */
  again: boolean;
  /** When Meta had sent it, or may have; `null` before. */
  sentAt: number | null;
  /** The code that is with Meta. */
  submitted: string | null;
  /** Codes that came while none could be handed in, in their order. */
  held: string[];
  /** Codes that Meta called wrong in this round. */
  wrong: string[];
  /** The code that verified the number. */
  accepted: string | null;
}

export interface Claim {
  wabaId: WabaId;
  phoneNumberId: PhoneNumberId | null;
  businessId: BusinessId | null;
  customerId: string | null;
  source: string;
  claimedAt: number;
  /** What `claimFor` gives the customer's number as its display name. */
  verifiedName: string | null;
  /** Times that it could not be read back. */
  misses: number;
}

export interface Sharing {
  action: 'share' | 'unshare';
  partnerBusinessId: BusinessId;
}

/** Something that did not work, in the words that people see. */
export interface Failure {
  /** The type of the refusal that a waiting update gets. */
  type: string;
  code: string;
  message: string;
  whatToDo: string;
  /** It does not pass by itself, nor does the number mend it. */
  needsPerson: boolean;
}

/** The chart's children. */
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

/** XState runs this on every transition, without input: it must bear that. */
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
    codeMethod: start?.codeMethod ?? 'SMS',
    language: start?.language ?? 'en_US',
    preverifiedId: null,
    addedAt: null,
    verifiedAt: null,
    verificationExpiresAt: null,
    registeredAt: null,
    deadline: null,
    resumeAt: null,
    asked: { code: start?.automation.requestCode ?? false, removal: false, registration: false },
    code: null,
    keptCode: null,
    codesSentAt: [],
    registeringAt: [],
    claim: null,
    claiming: null,
    pin: null,
    dataLocalizationRegion: null,
    reservation: null,
    sharedWith: [],
    sharing: [],
    sharingUnderWay: false,
    reading: false,
    problem: null,
    ended: {},
  };
}
