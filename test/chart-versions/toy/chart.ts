import { assign, setup } from 'xstate';
import type { Interpretation } from '../../../workflows/interpreter/interpretation';

/** Version 2: somebody must ask twice, a red light blinks after half a day, and it is known since when nobody asked. */
export const chart = setup({
  types: { context: {} as { asked: number; quietSince: number } },
  guards: { asked: ({ context }) => context.asked > 1 },
  actions: { ask: assign({ asked: ({ context }) => context.asked + 1 }), forget: assign({ asked: 0 }) },
  delays: {
    waiting: 24 * 60 * 60 * 1000,
    walking: 60 * 60 * 1000,
    blinking: 12 * 60 * 60 * 1000,
  },
}).createMachine({
  id: 'light',
  context: { asked: 0, quietSince: 0 },
  initial: 'red',
  states: {
    red: {
      on: { ask: { actions: 'ask' } },
      initial: 'steady',
      states: { steady: { after: { blinking: 'blinking' } }, blinking: {} },
      after: { waiting: [{ guard: 'asked', target: 'green' }, { target: 'dark' }] },
    },
    green: { entry: 'forget', after: { walking: 'red' } },
    dark: { type: 'final' },
  },
});

/** A life of version 1 as if it had always gone by version 2. */
export const fromVersion1 = (life: Interpretation): Interpretation => ({
  ...life,
  value: life.value === 'red' ? { red: 'steady' } : life.value,
  context: { ...(life.context as object), quietSince: 0 },
});
