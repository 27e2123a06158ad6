import { environment, withoutBlanks, type Environment } from './environment';
import type { Section } from './section';
import { sections } from './sections';
import { SettingsError } from './settings-error';

export { SettingsError };
export type { PayloadKey } from './payload-keys';

type Sections = typeof sections;
export type SectionName = keyof Sections;

/** Every setting; a function asks for the sections that it needs: `Settings<'temporal' | 'payloads'>`. */
export type Settings<Names extends SectionName = SectionName> = {
  readonly [Name in Names]: Sections[Name] extends Section<infer Values> ? Values : never;
};

/** The sections that each command needs: a worker needs the token, a client has no use for it. */
export const needs = {
  client: ['temporal', 'payloads', 'log'],
  add: ['temporal', 'payloads', 'log', 'pool'],
  worker: ['temporal', 'payloads', 'log', 'graph', 'worker', 'customers', 'records'],
  records: ['temporal', 'payloads', 'log', 'records'],
  codec: ['payloads', 'log', 'codec'],
  gateway: ['temporal', 'payloads', 'log', 'webhooks', 'gateway', 'signupPage', 'records'],
  simulator: ['simulator', 'log'],
} as const satisfies Record<string, readonly SectionName[]>;

/**
 * The one place that reads the environment. Reads the settings that are asked for, and no others.
 *
 * @example const settings = readSettings(needs.worker);
 * @throws {SettingsError} naming every fault in them
 */
export function readSettings<const Names extends readonly SectionName[]>(
  names: Names,
  env: Environment = environment(),
): Settings<Names[number]> {
  const given = withoutBlanks(env);
  const results = names.map((name) => [name, sections[name].read(given)] as const);
  const faults = results.flatMap(([, result]) => (result.ok ? [] : result.faults));
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.fromEntries(
    results.map(([name, result]) => [name, result.ok ? result.values : null]),
  ) as Settings<Names[number]>;
}
