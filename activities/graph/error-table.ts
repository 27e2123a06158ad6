const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * What an error of Meta's asks of us (docs/rules.md, Errors):
 * `retry` with back-off · `wait` for `retryAfter`, then go on · `account`: a person must mend token, permission or
 * account · `full`: a person must make room · `number`: Meta will not have this number or request · `gone`: the object
 * is not there · `pin`: another PIN · `verifyFirst`, `registerFirst`, `registerAgain`, `deregisterAgain`: that call before
 * this one · `codeNotSent`: another method later · `wrongCode` · `alreadyVerified`: read the status.
 */
export type Handling =
  | 'retry'
  | 'wait'
  | 'account'
  | 'full'
  | 'number'
  | 'gone'
  | 'pin'
  | 'verifyFirst'
  | 'registerFirst'
  | 'registerAgain'
  | 'deregisterAgain'
  | 'codeNotSent'
  | 'wrongCode'
  | 'alreadyVerified';

export interface ErrorRow {
  /** Meta's codes; a text `136024/2388091` is a code with its subcode, and goes before the code alone. */
  codes: readonly (number | string)[];
  /** Errors that only Meta's words tell from others of their code. They go before the codes alone. */
  words?: { code: number; pattern: RegExp };
  handling: Handling;
  /** Milliseconds before another try makes sense; `null`: by back-off, or not at all. */
  retryAfter: number | null;
  /** The wait doubles with every failure in a row, up to this many milliseconds. */
  retryAfterAtMost?: number;
  /** Meta turns the call away before it looks at the number: it did nothing, and no budget of the number's counts it. */
  turnsAway?: true;
  /** A rate limit: Meta's `estimated_time_to_regain_access`, where stated, goes before `retryAfter`. */
  limitsRate?: true;
  whatToDo: string;
}

/** `The pool holds the maximum number of phone numbers`, `too many phone numbers`, `phone number limit reached`. */
const poolFull =
  /\b(max|maximum|limit|quota|at most|too many|no more)\b.*\bnumbers\b|\bnumbers\b.*\b(max|maximum|limit|quota|too many)\b|\bnumber (limit|quota)\b|\bpool is full\b/is;

const permissions = Array.from({ length: 100 }, (_, index) => 200 + index);

/** Every error that Meta's error lists name for these calls, each code in exactly one row. */
export const errorTable: readonly ErrorRow[] = [
  {
    codes: [2, 131000, 131016, 131057, 133004, 2494100],
    handling: 'retry',
    retryAfter: null,
    whatToDo: 'Nothing: Meta is having trouble for a while, and the call is tried again.',
  },
  {
    codes: [1],
    handling: 'retry',
    // Meta says "possibly a temporary issue". It may also be a fault of the request, which haste does not mend.
    retryAfter: MINUTE,
    whatToDo:
      'Nothing yet: the call is tried again. If it stays, look at the status of the WhatsApp Business Platform.',
  },
  {
    codes: [4, 17, 32, 613, 80007, 80008],
    handling: 'wait',
    // These limits count the calls of an hour.
    retryAfter: HOUR,
    limitsRate: true,
    whatToDo: 'Nothing: the calls of this hour are used up, and the call is made again later.',
  },
  {
    codes: [130429],
    handling: 'wait',
    retryAfter: MINUTE,
    limitsRate: true,
    whatToDo: 'Nothing: Meta asks for a slower pace, and the call is made again in a moment.',
  },
  {
    codes: [133008],
    handling: 'wait',
    retryAfter: 12 * HOUR,
    whatToDo: 'Find the right two-step PIN meanwhile: too many wrong ones were tried.',
  },
  {
    codes: [133009, 133015],
    handling: 'wait',
    retryAfter: 5 * MINUTE,
    whatToDo:
      'Nothing: the last call for this number was only just made, and this one follows in a few minutes.',
  },
  {
    codes: [133016],
    handling: 'wait',
    retryAfter: 72 * HOUR,
    whatToDo: 'Do not register or deregister this number elsewhere: ten times in 72 hours are used up.',
  },
  {
    codes: ['100/2388001'],
    handling: 'wait',
    // Meta's review takes hours to days (docs/rules.md, Embedded Signup). Doubling, seven tries fall into 72 hours.
    retryAfter: HOUR,
    retryAfterAtMost: DAY,
    whatToDo:
      'Nothing: Meta has no certificate for the number yet, mostly because its display name is not ready; it registers by itself once Meta has. If that takes days, look in WhatsApp Manager at the display name, and whether the number is still on another WhatsApp account.',
  },
  {
    codes: [],
    words: { code: 100, pattern: poolFull },
    handling: 'full',
    retryAfter: HOUR,
    whatToDo:
      'Remove numbers that nobody needs, or have Meta raise the limit: there is no room for more numbers. It is tried again in an hour.',
  },
  {
    codes: [],
    words: { code: 100, pattern: /\bappsecret_proof\b/i },
    handling: 'account',
    turnsAway: true,
    retryAfter: HOUR,
    whatToDo:
      'Give the worker the secret of the app that GRAPH_ACCESS_TOKEN was made for (META_APP_SECRET) and start it again.',
  },
  {
    codes: [0, 102, 104, 190],
    handling: 'account',
    turnsAway: true,
    retryAfter: HOUR,
    whatToDo:
      'Give the worker a valid access token of a system user (GRAPH_ACCESS_TOKEN) and start it again.',
  },
  {
    codes: [3, 10, ...permissions, 131005],
    handling: 'account',
    turnsAway: true,
    retryAfter: HOUR,
    whatToDo:
      'Give the token the permissions business_management, whatsapp_business_management and whatsapp_business_messaging ("preverified doctor" looks for them), and the system user access to the asset: an admin sees every WhatsApp account that customers share, an employee must be assigned to it.',
  },
  {
    codes: [368, 131031],
    handling: 'account',
    turnsAway: true,
    retryAfter: HOUR,
    whatToDo:
      'Meta has blocked or locked the account: see Business Support Home for the reason and appeal there.',
  },
  {
    codes: [131042],
    handling: 'account',
    turnsAway: true,
    retryAfter: HOUR,
    whatToDo: 'Mend the payment method of the WhatsApp Business Account.',
  },
  {
    codes: [300, 200000],
    handling: 'account',
    retryAfter: HOUR,
    whatToDo: 'Look at the number and the account in Meta Business Suite, mend what it says, and try again.',
  },
  {
    codes: [100, 131008, 131009],
    handling: 'number',
    retryAfter: null,
    whatToDo: 'Check the number and the IDs: Meta does not take them as they are.',
  },
  {
    // Rule 6: Meta says it in all these ways.
    codes: ['100/33', 33, 803],
    handling: 'gone',
    retryAfter: null,
    whatToDo:
      'Check the ID: the object was removed or replaced, or the token may not see it. A system user that is an employee must be assigned to the WhatsApp account.',
  },
  {
    codes: [133005],
    handling: 'pin',
    retryAfter: null,
    whatToDo: 'Send register with the PIN that is set for this number: {"pin": "six digits"}.',
  },
  {
    codes: [133006],
    handling: 'verifyFirst',
    retryAfter: null,
    whatToDo: 'Request a code and verify the business phone number, then register it.',
  },
  {
    codes: [133010],
    handling: 'registerFirst',
    retryAfter: MINUTE,
    whatToDo: 'Register the business phone number first.',
  },
  {
    codes: [131045],
    handling: 'registerAgain',
    retryAfter: MINUTE,
    whatToDo: 'Nothing: the number is registered once more.',
  },
  {
    codes: [133000],
    handling: 'deregisterAgain',
    retryAfter: MINUTE,
    whatToDo: 'Nothing: an earlier deregistration did not finish; it is done again, then the registration.',
  },
  {
    codes: ['136024/2388091'],
    handling: 'codeNotSent',
    retryAfter: HOUR,
    whatToDo:
      'Nothing yet: the other method follows in an hour. Check that the number takes messages or calls.',
  },
  {
    codes: ['136024/2388367', '136024/2494158'],
    handling: 'wait',
    // The only length seen for this limit; Meta publishes none.
    retryAfter: 12 * HOUR,
    whatToDo:
      'Nothing: too many codes were requested for this number, and the next request follows in twelve hours.',
  },
  {
    codes: [136024],
    handling: 'alreadyVerified',
    retryAfter: HOUR,
    whatToDo:
      'Nothing: the status of the number is read, and the code is requested again later if it needs one.',
  },
  {
    codes: [136025, '136025/2388093'],
    handling: 'wrongCode',
    retryAfter: null,
    whatToDo: 'Hand in the newest code that the number received, or request another one.',
  },
];

/** For a code that nobody lists: a person should look. It is worth another try, so no number is given up for it. */
export const unknownError: ErrorRow = {
  codes: [],
  handling: 'account',
  retryAfter: HOUR,
  whatToDo: "Look the code up in Meta's error reference; the call is made again in an hour.",
};

const rows = new Map(errorTable.flatMap((row) => row.codes.map((code) => [String(code), row] as const)));
const transient = errorTable[0] as ErrorRow;

/**
 * The row for an error of Meta's. A row of code and subcode goes first, then a row of Meta's words, then a wait of
 * known length, then Meta's `is_transient`, then the code. The HTTP status decides nothing (docs/rules.md, Errors).
 */
export function rowFor(error: {
  code: number | null;
  subcode: number | null;
  transient: boolean;
  words?: string;
}): ErrorRow {
  const exact = rows.get(`${String(error.code)}/${String(error.subcode)}`);
  if (exact) return exact;
  const told = errorTable.find(
    ({ words }) => words?.code === error.code && words.pattern.test(error.words ?? ''),
  );
  if (told) return told;
  const row = rows.get(String(error.code)) ?? unknownError;
  return error.transient && row.handling !== 'wait' ? transient : row;
}
