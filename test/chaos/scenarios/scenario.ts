import type { Fault } from '../judge/judge';
import type { PostCounts } from '../people/post';
import type { Victim } from '../parts/part';

/** What a scenario is told. */
export interface ScenarioOptions {
  /** The Temporal CLI. */
  cli: string;
  seed: number;
  /** A small one for `npm test`. */
  short: boolean;
  /** Where the logs of the processes and the evidence of faults are kept. */
  folder: string;
  /** A line for people. */
  tell: (line: string) => void;
  /** Breaks it off. */
  signal: AbortSignal;
}

export interface Outcome {
  lifecycles: number;
  /** What was done to whom, how often. */
  havoc: Record<string, number>;
  post: PostCounts;
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

export const havocOf = (parts: readonly Victim[]): Record<string, number> =>
  Object.fromEntries(
    parts.flatMap(({ name, fate }) =>
      (
        [
          [`${name} killed`, fate.killed],
          [`${name} halted`, fate.halted],
          [`${name} fell by itself`, fate.fell],
        ] as const
      ).filter(([, times]) => times > 0),
    ),
  );
