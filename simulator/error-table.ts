/**
 * The one table of Meta's errors that the simulator answers with, by itself or when a fault asks for a code.
 * Codes and titles are those of Meta's error lists for Graph and Cloud API; sentences are ours where Meta's are unknown.
 */
export const graphErrors = {
  unknown: { status: 500, code: 1, message: 'An unknown error occurred' },
  service: { status: 503, code: 2, message: 'Service temporarily unavailable', is_transient: true },
  method: {
    status: 500,
    code: 3,
    message: '(#3) Application does not have the capability to make this API call',
  },
  appLimit: { status: 400, code: 4, message: '(#4) Application request limit reached', is_transient: true },
  permission: {
    status: 403,
    code: 10,
    message: '(#10) Application does not have permission for this action',
  },
  userLimit: { status: 400, code: 17, message: '(#17) User request limit reached', is_transient: true },
  pageLimit: { status: 400, code: 32, message: '(#32) Page request limit reached' },
  numberDeleted: { status: 400, code: 33, message: '(#33) This object does not exist or was deleted' },
  invalidParameter: { status: 400, code: 100, message: '(#100) Invalid parameter' },
  noSuchObject: {
    status: 400,
    code: 100,
    error_subcode: 33,
    message:
      'Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation',
  },
  displayNameNotReady: {
    status: 400,
    code: 100,
    error_subcode: 2388001,
    message: '(#100) Invalid parameter',
    error_user_title: 'Cannot create certificate',
    error_user_msg: 'The display name of this phone number is not ready. Try again later.',
  },
  poolFull: {
    status: 400,
    code: 100,
    message: '(#100) Maximum number of phone numbers reached for this business',
  },
  signupCodeExpired: {
    status: 400,
    code: 100,
    error_subcode: 36007,
    message: 'This authorization code has expired.',
  },
  signupCodeUsed: {
    status: 400,
    code: 100,
    error_subcode: 36009,
    message: 'This authorization code has been used.',
  },
  session: { status: 401, code: 102, message: 'Session key invalid or no longer valid' },
  tokenRequired: { status: 400, code: 104, message: 'An access token is required to request this resource.' },
  invalidToken: { status: 401, code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
  expiredToken: {
    status: 401,
    code: 190,
    error_subcode: 463,
    message: 'Error validating access token: Session has expired',
  },
  revokedToken: {
    status: 401,
    code: 190,
    error_subcode: 458,
    message: 'Error validating access token: The user has not authorized the application',
  },
  clientSecret: { status: 400, code: 1, message: 'Error validating client secret.' },
  permissions: { status: 403, code: 200, message: '(#200) Permissions error' },
  rule: { status: 400, code: 300, message: '(#300) Edit failure' },
  policy: { status: 403, code: 368, message: 'Temporarily blocked for policies violations' },
  customLimit: { status: 400, code: 613, message: '(#613) Calls to this API have exceeded the rate limit' },
  noSuchAlias: { status: 404, code: 803, message: '(#803) Some of the aliases you requested do not exist' },
  wabaLimit: { status: 400, code: 80007, message: '(#80007) Rate limit issues' },
  managementLimit: {
    status: 400,
    code: 80008,
    message: '(#80008) There have been too many calls to this WhatsApp Business account',
  },
  throughput: { status: 429, code: 130429, message: '(#130429) Rate limit hit' },
  wentWrong: { status: 500, code: 131000, message: '(#131000) Something went wrong', is_transient: true },
  accessDenied: { status: 403, code: 131005, message: '(#131005) Access denied' },
  parameterMissing: { status: 400, code: 131008, message: '(#131008) Required parameter is missing' },
  parameterValue: { status: 400, code: 131009, message: '(#131009) Parameter value is not valid' },
  unavailable: { status: 503, code: 131016, message: '(#131016) Service unavailable', is_transient: true },
  locked: { status: 403, code: 131031, message: '(#131031) Business Account locked' },
  payment: { status: 400, code: 131042, message: '(#131042) Business eligibility payment issue' },
  certificate: { status: 500, code: 131045, message: '(#131045) Incorrect certificate' },
  maintenance: { status: 500, code: 131057, message: '(#131057) Account in maintenance mode' },
  deregistration: { status: 500, code: 133000, message: '(#133000) Incomplete deregistration' },
  registrationServer: { status: 503, code: 133004, message: '(#133004) Server temporarily unavailable' },
  pinMismatch: { status: 400, code: 133005, message: '(#133005) Two step verification PIN mismatch' },
  verifyFirst: { status: 400, code: 133006, message: '(#133006) Phone number re-verification needed' },
  pinGuesses: { status: 400, code: 133008, message: '(#133008) Too many two step verification PIN guesses' },
  pinTooFast: { status: 400, code: 133009, message: '(#133009) Two step verification PIN guessed too fast' },
  notRegistered: { status: 400, code: 133010, message: '(#133010) Phone number not registered' },
  registerLater: {
    status: 400,
    code: 133015,
    message: '(#133015) Please wait a few minutes before attempting to register this phone number',
  },
  registrationBudget: {
    status: 400,
    code: 133016,
    message: '(#133016) Account register or deregister rate limit exceeded',
  },
  alreadyVerified: { status: 400, code: 136024, message: '(#136024) Request code error: already verified' },
  codeNotSent: {
    status: 400,
    code: 136024,
    error_subcode: 2388091,
    message: '(#136024) Request code error',
    error_user_title: 'Code could not be sent',
    error_user_msg: 'The code could not be sent. Try again in an hour or with another method.',
  },
  tooManyCodes: {
    status: 400,
    code: 136024,
    error_subcode: 2388367,
    message: '(#136024) Request code error',
    error_user_title: 'Too many requests',
    error_user_msg: 'A code was requested too many times. Try again later.',
  },
  tooManyCodesForNumber: {
    status: 400,
    code: 136024,
    error_subcode: 2494158,
    message: '(#136024) Request code error',
    error_user_title: 'Too many requests',
    error_user_msg: 'A code was requested too many times for this number. Try again later.',
  },
  tooManyWrongCodes: {
    status: 400,
    code: 136025,
    message: '(#136025) Verify code error: too many wrong codes, try again later',
  },
  wrongCode: {
    status: 400,
    code: 136025,
    error_subcode: 2388093,
    message: '(#136025) Verify code error',
    error_user_title: 'Code could not be verified',
    error_user_msg: 'The code is wrong or has expired. Request a new one.',
  },
  notOnboarded: { status: 400, code: 200000, message: '(#200000) The account may not do this' },
  accountMaintenance: {
    status: 500,
    code: 2494100,
    message: '(#2494100) Account in maintenance mode',
    is_transient: true,
  },
} satisfies Record<string, GraphErrorEntry>;

export type GraphErrorName = keyof typeof graphErrors;

/** Fields of Meta's error envelope, and the HTTP status it comes with. */
export interface GraphErrorEntry {
  status: number;
  code: number;
  message: string;
  type?: string | undefined;
  error_subcode?: number | undefined;
  is_transient?: boolean | undefined;
  error_user_title?: string | undefined;
  error_user_msg?: string | undefined;
  error_data?: unknown;
}

/** What the table says of a code: the entry of that very subcode, else the first of that code. */
export function knownError(code: number, subcode?: number): GraphErrorEntry | undefined {
  const ofCode: GraphErrorEntry[] = Object.values(graphErrors).filter((entry) => entry.code === code);
  return ofCode.find((entry) => entry.error_subcode === subcode) ?? ofCode[0];
}
