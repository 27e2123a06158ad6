import type { Call } from '../context';
import { answer, failureIn, timeOf, type ActionArgs } from '../events';
import { assertDefined } from '../assert-defined';
import { neitherMethodSends } from '../guards';
import { nextAttempt } from '../../../contract/retry-timing';
import { fail, failuresOf, seenInPool, type ContextPatch } from './context-patch';

export const callActions = {
  /** A call that worked ends the problem that it had. */
  callDone: ({ context, event }: ActionArgs): ContextPatch => {
    const call = event.type.slice('xstate.done.actor.'.length) as Call;
    const seen = reachedInPool({ context, event }) ? seenInPool(context) : {};
    const { problem } = { ...context, ...seen };
    // Another code is on its way, and has not come either.
    const stands = call === 'requestCode' && problem?.code === 'CodeNotReceived';
    return {
      ...seen,
      problem: problem && mends[call].includes(problem.about) && !stands ? null : problem,
      ended: { ...context.ended, [call]: { at: timeOf(event), failure: null, failures: 0 } },
    };
  },
  callFailed: ({ context, event }: ActionArgs): ContextPatch => {
    const { call, failure } = assertDefined(failureIn(event));
    const at = timeOf(event);
    const failures = failuresOf(context, call) + 1;
    const next = holdsUp.includes(call) ? nextAttempt(failure, failures, at) : null;
    const waits = failure.handling === 'wait' && next !== null;
    const neither = neitherMethodSends({ context, event });
    // The first method of the next round says nothing new.
    const known = context.problem?.code === failure.code && context.problem.needsPerson;
    const problem = {
      type: failure.limit ? 'BudgetSpent' : 'MetaRefused',
      code: failure.code,
      message: failure.message,
      whatToDo: neither
        ? 'Check that the number takes messages and calls, then send requestCode: Meta could send the code by neither.'
        : failure.whatToDo,
      needsPerson: failure.handling === 'codeNotSent' ? neither || known : failure.handling !== 'wait',
    };
    return {
      ...(holdsUp.includes(call) && { resumeAt: next }),
      ...fail(context, call, at, problem, waits ? { notBefore: next } : {}),
    };
  },
};

/** Meta has sent a code for the number of the pool, or taken its code. A lost answer says nothing. */
function reachedInPool({ context, event }: ActionArgs): boolean {
  const requested = answer(event, 'requestCode');
  const reached = requested ? requested.outcome !== 'unknown' : answer(event, 'verifyCode') !== null;
  return reached && context.claim === null;
}

/** Calls that the number repeats by itself; the others are somebody's wish, who asks again. */
const holdsUp: readonly Call[] = ['addNumber', 'requestCode', 'registerNumber'];

/** Whose problems the success of a call ends. */
const mends: Record<Call, Call[]> = {
  addNumber: ['addNumber'],
  requestCode: ['requestCode', 'verifyCode'],
  verifyCode: ['requestCode', 'verifyCode'],
  confirmClaim: [],
  claimNumber: ['claimNumber'],
  registerNumber: ['registerNumber', 'requestCode', 'verifyCode', 'confirmClaim'],
  changeSharing: ['changeSharing'],
  readNumber: ['readNumber'],
  removeNumber: ['removeNumber'],
};
