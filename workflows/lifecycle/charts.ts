import type { AnyStateMachine } from 'xstate';
import { numberChart } from './chart';

/** Every released version of the chart. A run goes by the one in its input for all its life. */
const charts: Readonly<Record<number, AnyStateMachine>> = { 1: numberChart };

export const latestChartVersion = Math.max(...Object.keys(charts).map(Number));

/** @throws Error (which fails the workflow task, not the run) where this worker is too old to know the version */
export function chartOf(version: number): AnyStateMachine {
  const chart = charts[version];
  if (!chart)
    throw new Error(`this worker does not know version ${String(version)} of the chart: deploy a newer one`);
  return chart;
}
