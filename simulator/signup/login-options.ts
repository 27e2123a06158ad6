import * as v from 'valibot';

/** What `FB.login` was called with, as far as the popup goes by it. */
const LoginOptions = v.object({
  extras: v.object({
    version: v.optional(v.unknown()),
    sessionInfoVersion: v.optional(v.unknown()),
    setup: v.optional(v.object({ preVerifiedPhone: v.optional(v.object({ ids: v.array(v.string()) })) })),
  }),
});

export interface Login {
  isV4: boolean;
  /** Of the pre-verified numbers only the first is shown, whatever stands after it. */
  firstId: string | null;
}

/** Version 4 says so, or names no version of anything and leaves it to the login configuration. */
export function readLogin(options: unknown): Login {
  const read = v.safeParse(LoginOptions, options);
  if (!read.success) return { isV4: false, firstId: null };
  const { version, sessionInfoVersion, setup } = read.output.extras;
  const isV4 = version === 'v4' || (version === undefined && sessionInfoVersion === undefined);
  return { isV4, firstId: setup?.preVerifiedPhone?.ids[0] ?? null };
}
