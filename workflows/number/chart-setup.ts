import { assign, cancel, enqueueActions, fromPromise, raise, setup, type AnyStateMachine } from 'xstate';
import { assignments } from './actions';
import type { Call, NumberContext } from './context';
import { delays } from './deadlines';
import type { NumberEvent, NumberInput, Results } from './events';
import { guards } from './guards';

/** A child's types alone: the interpreter does the work. */
const call = <C extends Call>(name: C) =>
  fromPromise<Results[C], unknown>(() => Promise.reject(new Error(`${name} runs in the interpreter`)));

const recording = Object.fromEntries(
  Object.entries(assignments).map(([name, change]) => [name, assign((moment) => change(moment as never))]),
) as Record<
  keyof typeof assignments,
  ReturnType<typeof assign<NumberContext, NumberEvent, undefined, NumberEvent, never>>
>;

/** Everything that the chart calls by name. */
export const chartSetup = setup({
  types: {
    context: {} as NumberContext,
    events: {} as NumberEvent,
    input: {} as NumberInput,
    output: {} as NumberContext,
  },
  actors: {
    addNumber: call('addNumber'),
    requestCode: call('requestCode'),
    verifyCode: call('verifyCode'),
    confirmClaim: call('confirmClaim'),
    claimNumber: call('claimNumber'),
    registerNumber: call('registerNumber'),
    removeNumber: call('removeNumber'),
    readNumber: call('readNumber'),
    changeSharing: call('changeSharing'),
  },
  guards,
  delays,
  actions: {
    ...recording,
    /** The message was acted on before: accepted, and nothing to do. */
    repeat: () => undefined,
    /** What the message asks for is under way: its sender waits for that. */
    join: () => undefined,
    startReservation: raise({ type: 'reservationExpired' } as never, {
      id: 'reservation',
      delay: 'reservationEnd',
    }),
    cancelReservation: cancel('reservation'),
    startKeptCode: raise({ type: 'keptCodeExpired' } as never, { id: 'keptCode', delay: 'keptCodeEnd' }),
    cancelKeptCode: cancel('keptCode'),
    /** Once, however many ask. */
    readNumber: enqueueActions(({ context, enqueue }) => {
      if (context.reading) return;
      enqueue.assign({ reading: true });
      enqueue.spawnChild('readNumber', { id: 'readNumber', input: { preverifiedId: context.preverifiedId } });
    }),
    /** One change of sharing at a time, in the order in which they were asked for. */
    changeSharing: enqueueActions(({ context, enqueue }) => {
      const [next] = context.sharing;
      if (!next || context.sharingUnderWay || context.preverifiedId === null) return;
      enqueue.assign({ sharingUnderWay: true });
      enqueue.spawnChild('changeSharing', {
        id: 'changeSharing',
        input: { ...next, portfolioId: context.portfolioId, preverifiedId: context.preverifiedId },
      });
    }),
  },
});

/** A version of the chart, for the next one to say what it does otherwise. */
export const configOf = ({ config }: AnyStateMachine) =>
  config as Parameters<typeof chartSetup.createMachine>[0];
