import * as v from 'valibot';
import { GraphError } from './graph-error';
import { isTrue, lenient, numeric } from './parsers';
import { redact } from './redact';
import type { StatedWaits } from './stated-waits';

const code = lenient(v.pipe(numeric, v.integer()));
const sentence = lenient(v.string());

/** No field but `error` itself is required, and no field costs another one: the code must not be lost. */
const Envelope = v.object({
  error: v.pipe(
    v.custom<object>((error) => typeof error === 'object' && !Array.isArray(error)),
    v.object({
      message: sentence,
      code,
      error_subcode: code,
      is_transient: v.optional(v.unknown()),
      error_user_title: sentence,
      error_user_msg: sentence,
      error_data: v.optional(v.unknown()),
      fbtrace_id: sentence,
    }),
  ),
});

/** `details`, where `error_data` is the object that Meta documents or a text of its JSON. */
const Details = v.pipe(
  v.union([v.pipe(v.string(), v.parseJson()), v.unknown()]),
  v.object({ details: v.string() }),
);

/** The error in Meta's envelope (docs/rules.md, Errors), whatever the HTTP status; `null` for every other body. */
export function readErrorEnvelope(
  body: unknown,
  context: { call: string; waits: StatedWaits; secrets: readonly string[] },
): GraphError | null {
  const envelope = v.safeParse(Envelope, body);
  if (!envelope.success) return null;
  const { error } = envelope.output;
  const data = v.safeParse(Details, error.error_data);
  const details = data.success ? data.output.details : null;
  const words = [error.message, error.error_user_title, error.error_user_msg, details];
  return new GraphError({
    call: context.call,
    code: error.code,
    subcode: error.error_subcode,
    transient: isTrue(error.is_transient),
    words: redact([...new Set(words.filter(Boolean))].join(' · '), context.secrets) || 'no message',
    traceId: error.fbtrace_id ? redact(error.fbtrace_id, context.secrets) : null,
    waits: context.waits,
  });
}
