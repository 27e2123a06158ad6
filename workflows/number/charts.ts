import type { AnyStateMachine } from 'xstate';
import { latestChartVersion } from '../../contract/chart-version';
import type { Interpretation } from '../interpreter/interpretation';
import { moveOver } from '../interpreter/move-over';
import { numberChart } from './chart';
import { numberChart2 } from './chart-2';
import { broughtTo3, numberChart3 } from './chart-3';

/** Every released version of the chart. A run goes by the one in its input; numbers move to a newer one between runs. */
const charts: Readonly<Record<number, AnyStateMachine>> = {
  1: numberChart,
  2: numberChart2,
  3: numberChart3,
};

/** What a life brings along as a version has it, where that is not what it was. */
const brought: Readonly<Record<number, (life: Interpretation) => Interpretation>> = { 3: broughtTo3 };

export const latestChart = chartOf(latestChartVersion);

/** @throws Error (which fails the workflow task, not the run) where this worker is too old to know the version */
export function chartOf(version: number): AnyStateMachine {
  const chart = charts[version];
  if (!chart)
    throw new Error(`this worker does not know version ${String(version)} of the chart: deploy a newer one`);
  return chart;
}

/** A life as the version that it goes on by has it, from the version that it went by until now. */
export function takenOver(
  life: Interpretation,
  { from, to, at }: { from: number; to: number; at: number },
): Interpretation {
  let now = life;
  for (let version = from + 1; version <= to; version++)
    now = moveOver(chartOf(version), brought[version]?.(now) ?? now, at);
  return now;
}
