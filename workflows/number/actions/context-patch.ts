import type { Call, CallEnd, CodeRound, NumberContext, NumberProblem } from '../context';
import { assertDefined } from '../assert-defined';

/** What an event changes in the context. */
export type ContextPatch = Partial<NumberContext>;

/** A change of the code round that the number is in. */
export function changeCode(context: NumberContext, change: Partial<CodeRound>): ContextPatch {
  return { code: { ...assertDefined(context.code), ...change } };
}

/** A problem stands from when it began, whatever is said of it since. */
export function stand(context: NumberContext, call: Call, at: number, problem: NumberProblem): ContextPatch {
  const same = context.problem?.code === problem.code && context.problem.about === call;
  return {
    problem: { ...problem, about: call, since: same && context.problem ? context.problem.since : at },
  };
}

export function fail(
  context: NumberContext,
  call: Call,
  at: number,
  failure: NumberProblem,
  more: Pick<CallEnd, 'notBefore'> = {},
): ContextPatch {
  const end: CallEnd = { at, failure, failures: failuresOf(context, call) + 1, ...more };
  return {
    ...stand(context, call, at, failure),
    ended: { ...context.ended, [call]: end },
  };
}

/** Meta has shown the number in its pool: that it was taken or removed is said no more. */
export function seenInPool({ problem }: NumberContext): ContextPatch {
  const ofClaim = problem?.about === 'confirmClaim' && problem.code !== 'ReservedForAnother';
  return { gone: false, ...((ofClaim || problem?.code === 'NotInPool') && { problem: null }) };
}

export const failuresOf = (context: NumberContext, call: Call) => context.ended[call]?.failures ?? 0;
