import { assign, setup } from 'xstate';
import { guards } from './guards';

/** A pedestrian light, version 1: red until somebody asks, and for a day; then green for an hour. */
export const chart = setup({
  types: { context: {} as { asked: number } },
  guards,
  actions: { ask: assign({ asked: ({ context }) => context.asked + 1 }), forget: assign({ asked: 0 }) },
  delays: { waiting: 24 * 60 * 60 * 1000, walking: 60 * 60 * 1000 },
}).createMachine({
  id: 'light',
  context: { asked: 0 },
  initial: 'red',
  states: {
    red: {
      on: { ask: { actions: 'ask' } },
      after: { waiting: [{ guard: 'asked', target: 'green' }, { target: 'dark' }] },
    },
    green: { entry: 'forget', after: { walking: 'red' } },
    dark: { type: 'final' },
  },
});
