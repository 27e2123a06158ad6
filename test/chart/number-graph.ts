import type { ActorLogic, AnyStateMachine, Snapshot } from 'xstate';
import type { Interpretation } from '../../workflows/interpreter/interpretation';
import { Interpreter } from '../../workflows/interpreter/interpreter';
import type { MessageEvent } from '../../workflows/number/events';
import { saysOnApp } from '../../workflows/number/guards';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import { readMessage } from '../../contract/messages';
import type { Happening } from './happenings';
import { START } from './life-walk';
import { MINUTE } from './walk';

/** A number at a moment of its life: what `xstate/graph` walks from one to the next. */
export type NumberSnapshot = Snapshot<unknown> & { now: Interpretation; at: number };

const snapshotAt = (now: Interpretation, at: number): NumberSnapshot => ({
  status: 'active',
  output: undefined,
  error: undefined,
  now,
  at,
});

/** A number's life on the chart as logic without a clock: timers are due when somebody lets time pass. */
export function numberGraph(
  chart: AnyStateMachine,
  start: Partial<NumberStartInput>,
): ActorLogic<NumberSnapshot, Happening> {
  const interpreter = new Interpreter(chart);
  const passTo = ({ now }: NumberSnapshot, end: number): NumberSnapshot => {
    for (let due = nextTimer(now); due <= end; due = nextTimer(now)) now = interpreter.settle(now, due);
    return snapshotAt(now, end);
  };
  return {
    getInitialSnapshot() {
      const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634', ...start });
      if (!read.ok) throw new Error(read.fault);
      return snapshotAt(interpreter.begin({ ...read.start, at: START }), START);
    },
    getPersistedSnapshot: (snapshot) => snapshot,
    transition(from, happening) {
      const { now, at } = from;
      switch (happening.type) {
        case 'message': {
          const read = readMessage(happening.name, happening.payload);
          if (!read.ok) throw new Error(read.fault);
          const { name, doubtful } = happening;
          const event = { ...read.message, type: name, at, ...(doubtful && { doubtful }) } as MessageEvent;
          return snapshotAt(interpreter.advance(now, event), at);
        }
        case 'end': {
          const { call, end } = happening;
          const child = { id: call, serial: now.children[call]!.serial };
          return snapshotAt(interpreter.finishChild(now, child, end, at), at);
        }
        case 'due':
          return passTo(from, Math.max(at, nextTimer(now)));
        case 'later':
          return passTo(from, at + 10 * MINUTE);
        case 'almostOver':
          return passTo(from, contextOf(now).deadline!.at - 5 * MINUTE);
      }
    },
  };
}

const nextTimer = ({ timers }: Interpretation) =>
  Math.min(...Object.values(timers).map(({ dueAt }) => dueAt));

/**
 * What guards can tell of a number. Lives that agree in it are taken for the same, which keeps them few; where something
 * is counted up to a limit, the count alone tells them apart.
 */
export function serializeState({ now, at }: NumberSnapshot): string {
  const context = contextOf(now);
  const { code, claim, deadline, registeringAt } = context;
  const known = [context.preverifiedId !== null, context.verifiedAt !== null];
  const sent = code?.sentAt ?? null;
  const facts = code?.wrong.length
    ? [code.wrong.length, code.again, context.resumeAt !== null]
    : claim && registeringAt.length > 0
      ? ['tries', registeringAt.length, context.resumeAt !== null, saysOnApp(claim.source)]
      : [
          deadline && Math.sign(Math.floor((deadline.at - at) / (6 * MINUTE))),
          context.resumeAt !== null,
          known,
          saysOnApp(claim?.source),
          context.addedAt === null && context.asked,
          code && [
            code.again,
            // It matters to the next request alone, whatever else has come.
            code.notSentBy !== null && code.held.length + code.doubtful.length === 0 && !code.missed,
            code.held.length,
            code.doubtful.length,
            code.accepted !== null,
            code.uncheckedUntil !== null && Math.sign(code.uncheckedUntil - at),
            /requesting|waiting/.test(stateOf(now).phase) && code.missed && code.missed.askAt !== null,
            sent !== null && at < sent + 10 * MINUTE,
          ],
        ];
  const reports = context.reportedClaims.map(({ wabaId, looks }) => [wabaId, looks]);
  return JSON.stringify([stateOf(now), Object.keys(now.children), facts, reports, asideFacts(now)]);
}

/** What is known besides shows where nothing else happens, and once. */
function asideFacts(now: Interpretation) {
  const { reservation, keptCode, sharedWith, sharing } = contextOf(now);
  const { state, phase } = stateOf(now);
  if (state === 'Unverified') return keptCode !== null;
  return phase === 'fresh'
    ? [reservation !== null, keptCode !== null, sharedWith.length, Math.min(sharing.length, 2)]
    : null;
}
