import type { Call, CodeRound, NumberContext, NumberProblem } from '../context';
import { assertDefined } from '../assert-defined';

/** What an event changes in the context. */
export type ContextPatch = Partial<NumberContext>;

/** A change of the code round that the number is in. */
export function changeCode(context: NumberContext, change: Partial<CodeRound>): ContextPatch {
  return { code: { ...assertDefined(context.code), ...change } };
}

export function fail(context: NumberContext, call: Call, at: number, failure: NumberProblem): ContextPatch {
  const same = context.problem?.code === failure.code && context.problem.about === call;
  return {
    problem: { ...failure, about: call, since: same && context.problem ? context.problem.since : at },
    ended: { ...context.ended, [call]: { at, failure, failures: failuresOf(context, call) + 1 } },
  };
}

export const failuresOf = (context: NumberContext, call: Call) => context.ended[call]?.failures ?? 0;
