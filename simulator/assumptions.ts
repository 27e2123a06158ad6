import * as v from 'valibot';
import { Duration } from './duration';

/**
 * What Meta documents nowhere: one named switch each, with the default that the simulator plays. Set them when it
 * starts or while it runs (`POST /_sim/assumptions`). Listed in docs/rules.md, What is assumed.
 */
export const Assumptions = v.strictObject({
  /** Asking for a code for a number that is verified and outside the re-verification window: 136024, or a code is sent. */
  earlyReverification: v.optional(v.picklist(['refused', 'allowed']), 'refused'),
  /** Adding a number that is in the portfolio's own pool: code 100, or the ID that it has. */
  addingAgain: v.optional(v.picklist(['refused', 'sameId']), 'refused'),
  /** The status of a pre-verified number whose verification has lapsed. */
  lapsedStatus: v.optional(v.picklist(['EXPIRED', 'NOT_VERIFIED', 'UNVERIFIED']), 'EXPIRED'),
  /** How times are written: `2023-04-14T22:12:31+0000`, or seconds since 1970. */
  times: v.optional(v.picklist(['iso', 'unix']), 'iso'),
  /** The times of a number that was never verified: left out, or the epoch. */
  neverVerifiedTimes: v.optional(v.picklist(['omitted', 'epoch']), 'omitted'),
  /** How pre-verified numbers are written: `+1 555-078-3881`, `+15550783881` or `15550783881`. */
  phoneNumbers: v.optional(v.picklist(['international', 'e164', 'digits']), 'international'),
  /** Numbers of Mexico, Argentina and Brazil stand in the form in which they were added, or in the other one. */
  nationalForm: v.optional(v.picklist(['asAdded', 'other']), 'asAdded'),
  /**
   * Names of a pre-verified number's fields: the SDK's, or those that some deployments answer with. Asked for by the
   * SDK's names, these leave them out (`alternative`) or answer code 100 (`alternativeOnly`).
   */
  fieldNames: v.optional(v.picklist(['sdk', 'alternative', 'alternativeOnly']), 'sdk'),
  /** Pages hold as much as `limit` allows, or are empty and short by turns while `next` exists. */
  pages: v.optional(v.picklist(['full', 'ragged']), 'full'),
  /** The link to the next page carries the access token even when the request had it in its header. */
  nextCarriesToken: v.optional(v.boolean(), true),
  /** A partner's list of pre-verified numbers holds those that are shared with it. */
  partnersListSharedNumbers: v.optional(v.boolean(), true),
  /** An ID that has been used as a portfolio's cannot be a WABA's, nor the other way round. */
  oneKindPerId: v.optional(v.boolean(), true),
  /** Claiming an unverified number through the API: gives an unverified business phone number, or code 100. */
  apiClaimOfUnverified: v.optional(v.picklist(['allowed', 'refused']), 'allowed'),
  /** Registering a number that is registered: its PIN must be the same, or it stays as it is and the answer says so. */
  registeringAgain: v.optional(v.picklist(['pinChecked', 'pinKept']), 'pinChecked'),
  /** How long after the claim a display name is not ready, so that register answers 100/2388001. */
  displayNameReview: v.optional(v.pipe(Duration, v.minValue(0)), 0),
  /** The SDK's third `code_method`, whose meaning is unknown: a voice call, or code 100. */
  ivrMethod: v.optional(v.picklist(['voice', 'refused']), 'voice'),
  /** The sentence around an SMS code: the document's, or the one seen in the wild. */
  smsText: v.optional(v.picklist(['document', 'seen']), 'document'),
  /** Whether the signup popup of version 4 shows pre-verified numbers. */
  v4ShowsPreverified: v.optional(v.boolean(), true),
  /** Whether the popup's last message names the business phone number, or the WABA alone. */
  finishNamesPhoneNumber: v.optional(v.boolean(), true),
  /** When the popup's message comes at the end of signup: before the callback of `FB.login`, after it, or never. */
  signupMessage: v.optional(v.picklist(['beforeCallback', 'afterCallback', 'never']), 'beforeCallback'),
  /** Whether the popup's login callback brings a code. */
  signupCode: v.optional(v.boolean(), true),
  /** How long a customer's token lives that a signup's code was exchanged for; `null` for ever. */
  businessTokenLife: v.optional(v.nullable(v.pipe(Duration, v.minValue(0))), null),
  /**
   * A call on a WABA that nobody has shared, or a number of it: for a WABA that no customer's signup and no control route
   * has named before, it is nobody's and open to every token, or there is no such object.
   */
  unknownWabas: v.optional(v.picklist(['open', 'missing']), 'open'),
  /** What a token is answered that may not reach an object: 100/33, code 10 or code 200. */
  unreachable: v.optional(v.picklist(['noSuchObject', 'permission', 'permissions']), 'noSuchObject'),
  /** Sharing a credit line with a WABA that has a share of it: the share that it has, or code 100. */
  sharingCreditAgain: v.optional(v.picklist(['sameId', 'refused']), 'sameId'),
  /** How long a share of a credit line reads on as it was after it was ended. */
  creditRevocation: v.optional(v.pipe(Duration, v.minValue(0)), 0),
  /** A WABA that no credit line and no means of its owner's pays for: sends and receives nothing, or messages all the same. */
  unfundedWabas: v.optional(v.picklist(['mute', 'canMessage']), 'mute'),
  /** Which of Meta's deliveries carry `entry.time`: all but those of `messages`, all, or none. */
  deliveryTime: v.optional(v.picklist(['exceptMessages', 'always', 'never']), 'exceptMessages'),
  /** Whether an app with a callback hears PARTNER_ADDED when a customer has signed up. */
  partnerAddedDelivered: v.optional(v.boolean(), true),
  /** Codes that one number may ask for in any hour before 136024/2388367; `null` for no limit. */
  codeRequestsPerHour: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
  /** Wrong codes in a row before 136025 for twelve hours; `null` for no limit. */
  wrongCodesAllowed: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
});

export type Assumptions = v.InferOutput<typeof Assumptions>;
export type AssumptionSettings = v.InferInput<typeof Assumptions>;
