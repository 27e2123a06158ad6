import * as v from 'valibot';
import { GraphError } from './graph-error';
import { redact } from './redact';

const Code = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/))]), v.transform(Number));

const Envelope = v.object({
  error: v.object({
    message: v.nullish(v.string()),
    code: v.nullish(Code),
    error_subcode: v.nullish(Code),
    is_transient: v.nullish(v.boolean()),
    error_user_title: v.nullish(v.string()),
    error_user_msg: v.nullish(v.string()),
    error_data: v.fallback(v.nullish(v.object({ details: v.nullish(v.string()) })), null),
    fbtrace_id: v.nullish(v.string()),
  }),
});

/** The error in Meta's envelope (docs/rules.md, Errors), whatever the HTTP status; `null` for every other body. */
export function readErrorEnvelope(
  body: unknown,
  context: { call: string; usage: string | null; secrets: readonly string[] },
): GraphError | null {
  const envelope = v.safeParse(Envelope, body);
  if (!envelope.success) return null;
  const { error } = envelope.output;
  const words = [error.message, error.error_user_title, error.error_user_msg, error.error_data?.details];
  return new GraphError({
    call: context.call,
    code: error.code ?? null,
    subcode: error.error_subcode ?? null,
    transient: error.is_transient ?? false,
    words: redact([...new Set(words.filter(Boolean))].join(' · '), context.secrets) || 'no message',
    traceId: error.fbtrace_id ? redact(error.fbtrace_id, context.secrets) : null,
    regainAccessAfter: regainAccessAfter(context.usage),
  });
}

const Usage = v.record(
  v.string(),
  v.array(v.looseObject({ estimated_time_to_regain_access: v.optional(v.number(), 0) })),
);

/**
 * Reads `X-Business-Use-Case-Usage`: a JSON object of arrays, one for each business.
 *
 * @returns milliseconds until the last of the limits opens (Meta states minutes), `null` where none is stated
 */
function regainAccessAfter(header: string | null): number | null {
  if (header === null) return null;
  try {
    const limits = Object.values(v.parse(Usage, JSON.parse(header))).flat();
    const minutes = Math.max(0, ...limits.map((limit) => limit.estimated_time_to_regain_access));
    return minutes > 0 ? minutes * 60_000 : null;
  } catch {
    // The header is a hint: one that cannot be read must not hide the error that it came with.
    return null;
  }
}
