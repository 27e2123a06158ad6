import * as v from 'valibot';

export type Reading<Values> = { ok: true; values: Values } | { ok: false; faults: string[] };

/** Settings that belong together, read from an environment without blank values. */
export interface Section<Values> {
  /** The names of what it reads. */
  readonly variables: readonly string[];
  read(env: Readonly<Record<string, string>>): Reading<Values>;
}

/**
 * A section of one schema for each variable. A schema's message goes on where the variable's name left off:
 * `is missing: …`, `must be …`.
 */
export function section<Entries extends v.ObjectEntries, Values>(
  variables: Entries,
  shape: (values: v.InferOutput<v.ObjectSchema<Entries, undefined>>) => Values,
): Section<Values> {
  const schema = v.object(variables);
  return {
    variables: Object.keys(variables),
    read(env) {
      // An absent key would be reported in valibot's words; an undefined one is reported in the variable's own.
      const given = Object.fromEntries(Object.keys(variables).map((name) => [name, env[name]]));
      const result = v.safeParse(schema, given);
      return result.success
        ? { ok: true, values: shape(result.output) }
        : {
            ok: false,
            faults: result.issues.map((issue) => `${String(v.getDotPath(issue))} ${issue.message}`),
          };
    },
  };
}
