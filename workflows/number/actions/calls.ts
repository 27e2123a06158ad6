import type { Call, NumberContext } from '../context';
import { refusalIn, timeOf, type ActionArgs } from '../events';
import { assertDefined } from '../assert-defined';
import { LONGEST_BACK_OFF } from '../../../contract/policy';
import { fail, failuresOf, type ContextPatch } from './context-patch';

export const callActions = {
  /** A call that worked takes away the problem that it had. */
  callDone: ({ context, event }: ActionArgs): ContextPatch => {
    const call = event.type.slice('xstate.done.actor.'.length) as Call;
    return {
      problem: context.problem && mends[call].includes(context.problem.about) ? null : context.problem,
      ended: { ...context.ended, [call]: { at: timeOf(event), failure: null, failures: 0 } },
    };
  },
  callFailed: ({ context, event }: ActionArgs): ContextPatch => {
    const { call, refusal } = assertDefined(refusalIn(event));
    const at = timeOf(event);
    return {
      ...(holdsUp.includes(call) ? { resumeAt: nextTry(context, call, at, refusal.retryAfter) } : {}),
      ...fail(context, call, at, {
        type: refusal.handling === 'wait' ? 'BudgetSpent' : 'MetaRefused',
        code: refusal.code,
        message: refusal.message,
        whatToDo: refusal.whatToDo,
        needsPerson: refusal.handling !== 'wait' && refusal.handling !== 'codeNotSent',
      }),
    };
  },
};

/** Calls without which the number does not go on; the others are somebody's wish and are asked for again. */
const holdsUp: readonly Call[] = ['addNumber', 'requestCode', 'confirmClaim', 'registerNumber'];

/** Whose problems a call's success ends. */
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

/** Short waits double up to ten minutes, so that a long outage does not fill the history; long ones are Meta's word. */
function nextTry(context: NumberContext, call: Call, at: number, retryAfter: number | null): number | null {
  if (retryAfter === null) return null;
  const doubled = retryAfter * 2 ** Math.min(failuresOf(context, call), 10);
  return at + Math.max(retryAfter, Math.min(doubled, LONGEST_BACK_OFF));
}
