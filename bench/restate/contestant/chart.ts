import { createMachine, type AnyStateMachine } from 'xstate';
import type { NumberActivities } from '../../../contract/number-activities';
import { numberChart } from '../../../workflows/number/chart';
import { delays } from '../../../workflows/number/deadlines';
import type { ActionArgs } from '../../../workflows/number/events';
import { callsOf } from './calls';

/** A hundred years: Restate has no `Infinity`. */
const never = 100 * 365 * 24 * 60 * 60 * 1000;

/**
 * The newest chart of a number as it runs on Restate: its states, guards and actions are the very same. Its children are
 * Restate's, its delays such as Restate takes, and each state bears its name as a tag, for `waitFor` knows only tags.
 */
export function chartOnRestate(activities: NumberActivities): AnyStateMachine {
  const { implementations } = numberChart;
  const config = numberChart.config as AnyStateMachine['config'];
  const { living, ...final } = config.states ?? {};
  const { life, ...besides } = living?.states ?? {};
  const states = {
    ...tagged(final),
    living: { ...living, states: { life: { ...life, states: tagged(life?.states ?? {}) }, ...besides } },
  };
  const chart = createMachine({ ...config, states } as never).provide({
    ...implementations,
    actors: callsOf(activities),
    delays: Object.fromEntries(
      Object.entries(delays).map(([name, delay]) => [
        name,
        (moment: unknown) => Math.min(Math.max(0, delay(moment as ActionArgs)), never),
      ]),
    ),
  } as never);
  return withClock(chart);
}

const tagged = (states: object) =>
  Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, { ...(state as object), tags: [name] }]),
  );

/**
 * Gives events their time where a running actor makes them without: answers of children, and timers. It is the clock of
 * whoever runs the handler, which Restate does not keep; ours is the time of the task in Temporal's history.
 */
function withClock(chart: AnyStateMachine): AnyStateMachine {
  const take = chart.transition.bind(chart);
  chart.transition = (snapshot, event, scope) =>
    take(snapshot, 'at' in event ? event : { ...event, at: Date.now() }, scope);
  return chart;
}
