import type { AnyStateMachine } from 'xstate';
import type { Interpretation } from './interpretation';
import { delaysOf, isDelayedTransition } from './xstate-adapter';

/** A version of a chart, and how a life that comes from the version before starts in it, where that is not as it was. */
export interface ChartVersion {
  chart: AnyStateMachine;
  adapt?: (life: Interpretation) => Interpretation;
}

/**
 * Every released version of a chart. A run goes by the version that it was started with; a life moves over to a newer
 * one between two runs.
 *
 * @example const versions = new ChartVersions({ 1: { chart: v1.chart }, 2: { chart, adapt } });
 */
export class ChartVersions {
  constructor(private readonly versions: Readonly<Record<number, ChartVersion>>) {}

  get latest(): number {
    return Math.max(...Object.keys(this.versions).map(Number));
  }

  /** @throws Error (which fails the workflow task, not the run) where this worker is too old to know the version */
  chartOf(version: number): AnyStateMachine {
    return this.#version(version).chart;
  }

  /** A life of version `from` as version `to` goes on with it, at a moment in epoch milliseconds. */
  moveOver(life: Interpretation, { from, to, at }: { from: number; to: number; at: number }): Interpretation {
    let now = life;
    for (let version = from + 1; version <= to; version++) {
      const { chart, adapt } = this.#version(version);
      now = withTimersOf(chart, adapt?.(now) ?? now, at);
    }
    return now;
  }

  #version(version: number): ChartVersion {
    const found = this.versions[version];
    if (found) return found;
    throw new Error(`this worker does not know version ${String(version)} of the chart: deploy a newer one`);
  }
}

/**
 * State, context and children stay as they are, and so does every timer that the new version has too, at its absolute
 * time; a timer that only the old version had is dropped, one that only the new version has begins now.
 */
function withTimersOf(chart: AnyStateMachine, from: Interpretation, at: number): Interpretation {
  const raised = Object.entries(from.timers).filter(([id]) => !isDelayedTransition(id));
  const delayed = delaysOf(chart, from, at)
    .map(
      ({ eventType, delay }) =>
        [
          eventType,
          from.timers[eventType] ?? {
            dueAt: Math.round(at + Math.max(0, delay)),
            event: { type: eventType },
          },
        ] as const,
    )
    .filter(([, { dueAt }]) => dueAt !== Infinity);
  return { ...from, timers: Object.fromEntries([...raised, ...delayed]) };
}
