import type { Evidence } from './evidence';
import { ending, rules, type Rule } from './rules';

export interface Fault {
  number: string;
  story: string;
  rule: string;
  fault: string;
}

/** Everything that a rule finds wrong with any of the lives. */
export function judge(evidence: readonly Evidence[]): Fault[] {
  return evidence.flatMap((one) => {
    // One that still goes on is no evidence of anything else.
    const applied = Object.entries<Rule>(one.broken === null ? rules : ending);
    return applied.flatMap(([rule, holds]) =>
      holds(one).map((fault) => ({ number: one.life.number, story: one.story, rule, fault })),
    );
  });
}
