import * as v from 'valibot';

/** What `FB.login` was called with, as far as the popup goes by it. */
const LoginOptions = v.object({
  extras: v.object({
    version: v.optional(v.unknown()),
    sessionInfoVersion: v.optional(v.unknown()),
    setup: v.optional(v.object({ preVerifiedPhone: v.optional(v.object({ ids: v.array(v.string()) })) })),
  }),
});

/** The pre-verified ID that the popup shows: the first, whatever stands after it. Version 4 names no version of anything. */
export function offeredId(options: unknown, v4ShowsPreverified: boolean): string | null {
  const read = v.safeParse(LoginOptions, options);
  if (!read.success) return null;
  const { version, sessionInfoVersion, setup } = read.output.extras;
  const isV4 = version === undefined && sessionInfoVersion === undefined;
  if (isV4 && !v4ShowsPreverified) return null;
  return setup?.preVerifiedPhone?.ids[0] ?? null;
}
