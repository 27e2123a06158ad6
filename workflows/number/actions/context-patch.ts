import type { Call, CodeRound, Failure, NumberContext } from '../context';
import { assertDefined } from '../assert-defined';

/** What an event changes. */
export type ContextPatch = Partial<NumberContext>;

/** In the round that the number is in. */
export function changeCode(context: NumberContext, change: Partial<CodeRound>): ContextPatch {
  return { code: { ...assertDefined(context.code), ...change } };
}

export function fail(context: NumberContext, call: Call, at: number, failure: Failure): ContextPatch {
  const same = context.problem?.code === failure.code && context.problem.about === call;
  return {
    problem: { ...failure, about: call, since: same && context.problem ? context.problem.since : at },
    ended: { ...context.ended, [call]: { at, failure, failures: failuresOf(context, call) + 1 } },
  };
}

export const failuresOf = (context: NumberContext, call: Call) => context.ended[call]?.failures ?? 0;
