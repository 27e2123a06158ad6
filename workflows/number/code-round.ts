import { chartSetup } from './chart-setup';
import { calls } from './calls';

/**
 * Phases that three states share: ask for a code, wait for it, hand it in. For a number of the pool, for a renewal, and
 * for a business phone number whose 90 days went by (rules 2 to 4). `to` names the states that follow; a round without a
 * deadline ends by its code alone.
 */
export const codeRound = (to: { verified: string; back: string; deadline?: string }) => ({
  requesting: chartSetup.createStateConfig({
    invoke: {
      ...calls.requestCode,
      onDone: [
        {
          guard: 'alreadyVerified',
          target: to.verified,
          actions: ['recordVerification', 'endCodeRound', 'callDone'],
        },
        { guard: 'codeHeld', target: 'verifying', actions: ['recordCodeSent', 'submitHeldCode', 'callDone'] },
        { target: 'waiting', actions: ['recordCodeSent', 'callDone'] },
      ],
      onError: [
        { guard: 'codeHeldAndAlive', target: 'verifying', actions: ['callFailed', 'submitHeldCode'] },
        { guard: 'codeAlive', target: 'waiting', actions: ['callFailed', 'otherMethodIfNotSent'] },
        { guard: 'worthAnotherTry', target: 'deferred', actions: ['callFailed', 'otherMethodIfNotSent'] },
        { target: to.back, actions: ['callFailed', 'endCodeRound'] },
      ],
    },
    on: {
      requestCode: { actions: 'join' },
      submitCode: [
        { guard: 'codeKnown', actions: 'join' },
        { guard: 'codeNew', actions: 'holdCode' },
      ],
    },
  }),

  // Meta asked to wait, or could not be asked.
  deferred: chartSetup.createStateConfig({
    after: {
      goOnOrDeadline: [...atDeadline(to), { target: 'requesting' }],
    },
    on: { requestCode: { target: 'requesting', actions: 'beginCodeRound' } },
  }),

  waiting: chartSetup.createStateConfig({
    after: {
      codeStaleOrDeadline: [
        ...atDeadline(to),
        { guard: 'putOff', target: 'deferred' },
        { guard: 'mayAskAgain', target: 'requesting', actions: ['noteCodeNotReceived', 'askAgain'] },
        { target: to.back, actions: ['noteCodeNotReceived', 'endCodeRound'] },
      ],
    },
    on: {
      submitCode: { guard: 'codeNew', target: 'verifying', actions: 'submitCode' },
      requestCode: { target: 'requesting', actions: 'beginCodeRound' },
    },
  }),

  verifying: chartSetup.createStateConfig({
    invoke: {
      ...calls.verifyCode,
      onDone: [
        {
          guard: 'codeRight',
          target: to.verified,
          actions: ['recordVerification', 'acceptCode', 'callDone'],
        },
        {
          guard: 'attemptsSpentMayAskAgain',
          target: 'requesting',
          actions: ['noteWrongCode', 'askAgain'],
        },
        { guard: 'attemptsSpent', target: to.back, actions: ['noteWrongCode', 'endCodeRound'] },
        {
          guard: 'codeHeld',
          target: 'verifying',
          reenter: true,
          actions: ['noteWrongCode', 'submitHeldCode'],
        },
        { target: 'waiting', actions: 'noteWrongCode' },
      ],
      onError: [
        { guard: 'codeWorthAnotherTry', target: 'waiting', actions: ['callFailed', 'takeCodeBack'] },
        { target: to.back, actions: ['callFailed', 'endCodeRound'] },
      ],
    },
    on: {
      requestCode: { actions: 'join' },
      submitCode: [
        { guard: 'codeUnderWay', actions: 'join' },
        { guard: 'codeKnown', actions: 'join' },
        { guard: 'codeNew', actions: 'holdCode' },
      ],
    },
  }),
});

const atDeadline = ({ deadline }: { deadline?: string }) =>
  deadline === undefined ? [] : [{ guard: 'deadlinePassed', target: deadline } as const];
