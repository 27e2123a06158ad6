import type { Fault } from '../judge/judge';
import type { DeliveryCounts } from '../people/delivery';
import type { Target } from '../processes/supervised-process';

/** How a scenario is to run. */
export interface ScenarioOptions {
  seed: number;
  /** A small one for `npm test`. */
  short: boolean;
  /** Where the logs of the processes and the evidence of faults are kept. */
  folder: string;
  /** A line for people. */
  report: (line: string) => void;
  /** Breaks it off. */
  signal: AbortSignal;
}

export interface Outcome {
  lifecycles: number;
  /** What was done to whom, how often. */
  havoc: Record<string, number>;
  delivery: DeliveryCounts;
  /** Updates that were answered, and calls of the service that were not. */
  acknowledged: number;
  unanswered: number;
  faults: Fault[];
  seconds: number;
}

export interface Scenario {
  /** What breaks, for the table. */
  title: string;
  /** What keeps it from being played on this machine. */
  lacks?: () => string | undefined;
  run(options: ScenarioOptions): Promise<Outcome>;
}

export const havocOf = (parts: readonly Target[]): Record<string, number> =>
  Object.fromEntries(
    parts.flatMap(({ name, disruptions }) =>
      (
        [
          [`${name} killed`, disruptions.killed],
          [`${name} paused`, disruptions.paused],
          [`${name} crashed by itself`, disruptions.crashed],
        ] as const
      ).filter(([, times]) => times > 0),
    ),
  );
