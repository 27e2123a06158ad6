import { assign, cancel, createMachine, fromPromise, raise, setup, spawnChild } from 'xstate';
import { ChartError, Interpreter } from '../../workflows/interpreter/interpreter';

// The pure interpreter by small charts of its own: what it makes of the actions that XState gives as data.

const work = fromPromise(() => Promise.resolve());

describe('timers', () => {
  test('fire in the order of their times, each at its own, before an event that comes later', () => {
    const machine = setup({ types: { context: {} as { heard: string[] } } }).createMachine({
      context: { heard: [] },
      entry: [
        raise({ type: 'second' }, { delay: 20, id: 'b' }),
        raise({ type: 'first' }, { delay: 10, id: 'a' }),
      ],
      on: {
        '*': { actions: assign(({ context, event }) => ({ heard: [...context.heard, event.type] })) },
      },
    });
    const interpreter = new Interpreter(machine);
    const began = interpreter.begin({ at: 0 });
    expect(began.timers).toEqual({
      a: { dueAt: 10, event: { type: 'first' } },
      b: { dueAt: 20, event: { type: 'second' } },
    });
    const now = interpreter.advance(began, { type: 'event', at: 25 });
    expect(now.context).toEqual({ heard: ['first', 'second', 'event'] });
    expect(now.timers).toEqual({});
  });

  test('without an ID have that of their event; cancelled, they are gone, and one that never ends is none', () => {
    const machine = createMachine({
      entry: [
        raise({ type: 'soon' }, { delay: 10 }),
        raise({ type: 'late' }, { delay: 20, id: 'late' }),
        raise({ type: 'never' }, { delay: Infinity }),
        raise({ type: 'overdue' }, { delay: -5, id: 'overdue' }),
      ],
      on: { stop: { actions: cancel('late') } },
    });
    const seen: string[] = [];
    const interpreter = new Interpreter(machine, (_before, _after, { type }) => seen.push(type));
    const began = interpreter.begin({ at: 0 });
    // One that is due already fires at once.
    expect(seen).toEqual(['overdue']);
    expect(Object.keys(began.timers)).toEqual(['soon', 'late']);
    expect(Object.keys(interpreter.advance(began, { type: 'stop', at: 1 }).timers)).toEqual(['soon']);
  });

  test('that somebody fires by hand fire whatever their time, and one that is not there changes nothing', () => {
    const machine = createMachine({ initial: 'a', states: { a: { after: { 1000: 'b' } }, b: {} } });
    const interpreter = new Interpreter(machine);
    const began = interpreter.begin({ at: 0 });
    const [id = ''] = Object.keys(began.timers);
    expect(interpreter.fire(began, 'another', 1)).toBe(began);
    expect(interpreter.fire(began, id, 1)).toMatchObject({ value: 'b', timers: {} });
  });

  test('that set one another in the past for ever end the chart, not the process', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { after: { 0: 'b' } }, b: { after: { 0: 'a' } } },
    });
    expect(() => new Interpreter(machine).begin({ at: 0 })).toThrow(/a hundred timers fired in one moment/);
  });
});

describe('children', () => {
  const machine = setup({ actors: { work } }).createMachine({
    initial: 'idle',
    states: {
      idle: { on: { start: 'busy' } },
      busy: {
        invoke: { src: 'work', id: 'call', input: { what: 'it' }, onDone: 'done', onError: 'idle' },
        on: { restart: { target: 'busy', reenter: true }, leave: 'idle' },
      },
      done: { type: 'final' },
    },
  });
  const interpreter = new Interpreter(machine);
  const busy = (by?: string) =>
    interpreter.advance(interpreter.begin({ at: 0 }), { type: 'start', at: 1, by });

  test('know whose message began them, and their answer is that of the same person', () => {
    const seen: unknown[] = [];
    const observed = new Interpreter(machine, (_before, _after, { type, by }) => seen.push([type, by]));
    const now = busy('an operator');
    expect(now.children).toEqual({
      call: { src: 'work', input: { what: 'it' }, invoked: true, serial: 1, by: 'an operator' },
    });
    const ended = observed.finishChild(now, { id: 'call', serial: 1 }, { output: 'yes' }, 2);
    expect(ended).toMatchObject({ value: 'done', done: true, children: {}, timers: {} });
    expect(seen).toEqual([['xstate.done.actor.call', 'an operator']]);
    // A failure is nobody's doing.
    observed.finishChild(now, { id: 'call', serial: 1 }, { error: 'no' }, 2);
    expect(seen[1]).toEqual(['xstate.error.actor.call', undefined]);
  });

  test('that were begun anew, or left, are not ended by a late answer to the one before', () => {
    const again = interpreter.advance(busy(), { type: 'restart', at: 2 });
    expect(again.children['call']?.serial).toBe(2);
    const late = interpreter.finishChild(again, { id: 'call', serial: 1 }, { output: 'late' }, 3);
    expect(late.value).toBe('busy');
    const left = interpreter.advance(busy(), { type: 'leave', at: 2 });
    expect(left.children).toEqual({});
    expect(interpreter.finishChild(left, { id: 'call', serial: 1 }, { output: 'late' }, 3).value).toBe(
      'idle',
    );
  });

  test('that a transition spawns outlive the state, and are begun by nobody where an answer spawned them', () => {
    const machine = setup({ actors: { work } }).createMachine({
      initial: 'a',
      states: {
        a: {
          invoke: {
            src: 'work',
            id: 'first',
            onDone: { target: 'b', actions: spawnChild('work', { id: 'beside', input: 1 as never }) },
          },
        },
        b: { on: { go: 'c' } },
        c: {},
      },
    });
    const spawned = new Interpreter(machine);
    const first = { id: 'first', serial: 1 };
    const now = spawned.finishChild(spawned.begin({ at: 0 }), first, { output: null }, 1);
    expect(now.children).toEqual({ beside: { src: 'work', input: 1, invoked: false, serial: 2 } });
    expect(spawned.advance(now, { type: 'go', at: 2 }).children).toHaveProperty('beside');
  });
});

test('a child whose work only the effects know is begun by its name', () => {
  const machine = createMachine({ invoke: { src: 'elsewhere', id: 'call' } });
  const { children } = new Interpreter(machine).begin({ at: 0 });
  expect(children).toMatchObject({ call: { src: 'elsewhere', invoked: true, serial: 1 } });
});

test('a chart that has ended takes nothing more', () => {
  const machine = createMachine({ initial: 'a', states: { a: { on: { end: 'z' } }, z: { type: 'final' } } });
  const interpreter = new Interpreter(machine);
  const ended = interpreter.advance(interpreter.begin({ at: 0 }), { type: 'end', at: 1 });
  expect(interpreter.advance(ended, { type: 'end', at: 2 })).toBe(ended);
  expect(interpreter.settle(ended, 3)).toBe(ended);
});

test('a chart with a child that fails unheard is an error that says where', () => {
  const failing = createMachine({
    id: 'light',
    initial: 'a',
    states: { a: { invoke: { src: work, id: 'call' } } },
  });
  const interpreter = new Interpreter(failing);
  const began = interpreter.begin({ at: 0 });
  const fail = () => interpreter.finishChild(began, { id: 'call', serial: 1 }, { error: new Error('no') }, 1);
  expect(fail).toThrow(ChartError);
  expect(fail).toThrow('light cannot go on from "a": Error: no');
});
