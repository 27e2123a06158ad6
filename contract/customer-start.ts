import * as v from 'valibot';
import { BusinessId, PortfolioId, WabaId } from './ids';
import { describeIssue } from './messages';

/** The argument of `customerLifecycle`. */
export const CustomerStart = v.strictObject({
  wabaId: WabaId,
  portfolioId: PortfolioId,
  /** Whose WABA it is, where Meta has said so. */
  businessId: v.optional(BusinessId),
  chartVersion: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});

export type CustomerStartInput = v.InferInput<typeof CustomerStart>;
export type CustomerStart = v.InferOutput<typeof CustomerStart>;

/** The start as the chart takes it, or the first fault in plain words. */
export function readCustomerStart(
  input: unknown,
): { ok: true; start: CustomerStart } | { ok: false; fault: string } {
  const result = v.safeParse(CustomerStart, input);
  return result.success
    ? { ok: true, start: result.output }
    : { ok: false, fault: describeIssue(result.issues[0]) };
}
