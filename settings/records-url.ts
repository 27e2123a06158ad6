import * as v from 'valibot';

/** Where records are kept. */
export type RecordsPlace =
  | { kind: 'sqlite'; path: string; shown: string }
  /** `shown` has no password. */
  | { kind: 'postgres'; url: string; shown: string };

export const recordsUrl = v.pipe(
  v.optional(v.string(), 'sqlite:.preverified/records.db'),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): RecordsPlace => {
    const [, path] = /^sqlite:(.+)$/.exec(value) ?? [];
    if (path !== undefined) return { kind: 'sqlite', path, shown: value };
    if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) {
      const { username, host, pathname } = new URL(value);
      const shown = `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`;
      return { kind: 'postgres', url: value, shown };
    }
    // It may hold a password.
    addIssue({ message: 'must be sqlite: and a file, or postgres://user:password@host/database' });
    return NEVER;
  }),
);
