import * as v from 'valibot';
import { PortfolioId } from './ids';
import { CodeMethod, describeIssue, Language } from './messages';
import { phoneNumberFault, readDigits, readPhoneNumber, type PhoneNumber } from './phone-number';
import { Automation, Policy } from './policy';

export const notANumber = 'not possible as a phone number';

/**
 * Digits alone are a number as this system hands it on, and histories hold it; whatever else is written is read as people
 * write it.
 */
const StartedNumber = v.pipe(
  v.string('phoneNumber must be a string'),
  v.rawTransform<string, PhoneNumber>(({ dataset: { value }, addIssue, NEVER }) => {
    const number = readDigits(value) ?? readPhoneNumber(value);
    if (number) return number;
    const fault = phoneNumberFault(value);
    addIssue({ message: `phoneNumber is ${notANumber}: ${String(fault)}` });
    return NEVER;
  }),
);

/** The argument of `numberLifecycle`. */
export const NumberStart = v.strictObject({
  phoneNumber: StartedNumber,
  portfolioId: PortfolioId,
  policy: v.optional(Policy, {}),
  automation: v.optional(Automation, {}),
  /** By default the one that reaches the number's line type. */
  codeMethod: v.optional(CodeMethod),
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
