import * as v from 'valibot';
import { Duration } from './messages';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Meta's four periods, in milliseconds (docs/rules.md, Rules of time). They are policy and not constants: the 90 days of
 * verification were 14 once and 28 later.
 */
export const Policy = v.strictObject({
  /** A number that was added but not verified leaves the pool after this (rule 1). */
  removeUnverifiedAfter: v.optional(Duration, '90 days'),
  /** An unclaimed number stays verified this long, where Meta states no time itself (rules 2 and 5). */
  verifiedFor: v.optional(Duration, '90 days'),
  /** It can be verified anew only in this last part of its verification (rule 3). */
  reverifyWindow: v.optional(Duration, '45 days'),
  /** A claimed number must be registered within this (rule 4). */
  registerWithin: v.optional(Duration, '90 days'),
});
export type Policy = v.InferOutput<typeof Policy>;

/** What a number does without being told. */
export const Automation = v.strictObject({
  /** Ask for the first code as soon as the number is added. */
  requestCode: v.optional(v.boolean('automation.requestCode must be true or false'), true),
  /** Verify anew inside the window. */
  reverify: v.optional(v.boolean('automation.reverify must be true or false'), true),
  /** Register once a claim is confirmed. */
  register: v.optional(v.boolean('automation.register must be true or false'), true),
});
export type Automation = v.InferOutput<typeof Automation>;

/** The policy on a worker whose policy day is shorter than a real one; minutes, such as a code's life, stay real. */
export function scaled(policy: Policy, policyDay: number): Policy {
  const scale = (period: number) => Math.max(1, Math.round((period * policyDay) / DAY));
  return {
    removeUnverifiedAfter: scale(policy.removeUnverifiedAfter),
    verifiedFor: scale(policy.verifiedFor),
    reverifyWindow: scale(policy.reverifyWindow),
    registerWithin: scale(policy.registerWithin),
  };
}

/** A code lives ten minutes and works once (docs/rules.md, One-time codes). */
export const CODE_LIFE = 10 * 60 * 1000;
/** Wrong codes per requested code before we stop handing them in (docs/rules.md, Budgets). */
export const WRONG_CODES = 5;
/** How long a code that may be another service's waits for one of WhatsApp's, which comes within seconds. */
export const DOUBTFUL_CODE_WAIT = 60 * 1000;
/** Codes that a number asks for by itself in any 24 hours; Meta publishes no limit, and goes silent for a day beyond its own. */
export const OWN_CODE_REQUESTS = 6;
export const OWN_CODE_REQUESTS_SPAN = DAY;
/** How long a number that is not verified, and got no code, waits before it asks again. */
export const LATER_CODE_REQUESTS = { shortest: DAY, longest: 7 * DAY };
/** Registrations and deregistrations of a number in any 72 hours (docs/rules.md, Budgets). */
export const REGISTRATIONS = 10;
export const REGISTRATIONS_SPAN = 3 * DAY;
/**
 * How long to wait after each look that did not show a reported claim; after the sixth look, half an hour from the report,
 * it counts as untrue. Reconcile still finds a claim that shows later.
 */
export const CLAIM_LOOKS = [1, 2, 4, 8, 14].map((minutes) => minutes * 60 * 1000);
/** Claims that a number looks for at a time: each costs up to six looks. */
export const OPEN_REPORTS = 10;
/** Changes of sharing that wait for their turn. */
export const QUEUED_SHARING = 20;
/** Claims that may be reported under one reservation and wait for Meta to show them: each has Meta asked several times. */
export const REPORTS_PER_RESERVATION = 2;
/** The longest wait before the next attempt of a call that keeps failing. */
export const LONGEST_BACK_OFF = 10 * 60 * 1000;
