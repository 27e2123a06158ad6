import * as v from 'valibot';
import { PortfolioId } from './ids';
import { CodeMethod, describeIssue, Language } from './messages';
import { readPhoneNumber } from './phone-number';
import { Automation, Policy } from './policy';

/** The argument of `numberLifecycle`. */
export const NumberStart = v.strictObject({
  phoneNumber: v.pipe(
    v.string('phoneNumber must be a string'),
    v.transform(readPhoneNumber),
    v.custom<NonNullable<ReturnType<typeof readPhoneNumber>>>(
      (number) => number !== null,
      'phoneNumber is not possible as a phone number: give it with its country code, such as +15550783881',
    ),
  ),
  portfolioId: PortfolioId,
  policy: v.optional(Policy, {}),
  automation: v.optional(Automation, {}),
  codeMethod: v.optional(CodeMethod, 'SMS'),
  language: v.optional(Language, 'en_US'),
  /** The chart this run goes by, for all its life; a run that was started without one goes by the first. */
  chartVersion: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});

/** What a caller writes: durations as text such as `"90 days"`. */
export type NumberStartInput = v.InferInput<typeof NumberStart>;
export type NumberStart = v.InferOutput<typeof NumberStart>;

/** The start as the chart takes it, or the first fault in plain words. */
export function readStart(input: unknown): { ok: true; start: NumberStart } | { ok: false; fault: string } {
  const result = v.safeParse(NumberStart, input);
  return result.success
    ? { ok: true, start: result.output }
    : { ok: false, fault: describeIssue(result.issues[0]) };
}
