import * as v from 'valibot';
import { Duration } from '../duration';

/** An answer in place of Meta's. With a known `code` alone, the rest comes from the error table. */
const FaultError = v.strictObject({
  code: v.optional(v.number()),
  error_subcode: v.optional(v.number()),
  /** HTTP status */
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599))),
  message: v.optional(v.string()),
  type: v.optional(v.string()),
  is_transient: v.optional(v.boolean()),
  error_user_title: v.optional(v.string()),
  error_user_msg: v.optional(v.string()),
  error_data: v.optional(v.unknown()),
  /** The status alone, with no body. */
  emptyBody: v.optional(v.boolean()),
  headers: v.optional(v.record(v.string(), v.string())),
});

/** What is to go wrong, and for which calls. */
export const Fault = v.strictObject({
  /** A call's name as the call log has it, or `*`. */
  call: v.optional(v.string(), '*'),
  /** Only calls about this number. */
  number: v.optional(v.string()),
  /** Only calls on this object, such as the list of a WABA. */
  objectId: v.optional(v.string()),
  /** How many calls it meets: 1 by default, `null` for no end; with a `probability` no end by default. */
  times: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)))),
  /** Meets a matching call with this chance (seeded). */
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  error: v.optional(FaultError),
  /** Headers of the answer, whatever it is: `X-Business-Use-Case-Usage`. */
  headers: v.optional(v.record(v.string(), v.string())),
  /** Real time to wait, in milliseconds or as `2 seconds`. */
  delay: v.optional(v.pipe(Duration, v.minValue(0))),
  /** Wait there until it is released. */
  barrier: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Whether `delay` and `barrier` hold the call back or its answer. */
  hold: v.optional(v.picklist(['call', 'answer']), 'call'),
  /** The call takes effect, then the connection is cut. */
  answerLost: v.optional(v.boolean(), false),
  /** The connection is cut before the call takes effect. */
  dropped: v.optional(v.boolean(), false),
});

export type Fault = v.InferOutput<typeof Fault>;
