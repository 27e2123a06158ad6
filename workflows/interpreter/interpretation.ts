import type { StateValue } from 'xstate';

/**
 * A chart's life as plain data. It has its own tables of timers and children, since XState's snapshot does not survive as
 * JSON with them. What is to be done in the world is the difference between two interpretations.
 */
export interface Interpretation {
  readonly value: StateValue;
  readonly context: unknown;
  readonly done: boolean;
  readonly output: unknown;
  /** Delayed events by ID, with the absolute time of each. */
  readonly timers: Readonly<Record<string, Timer>>;
  /** Invoked and spawned children under way, by ID. */
  readonly children: Readonly<Record<string, Child>>;
  /** Counts children, so that one restarted under its old ID is told from its predecessor. */
  readonly started: number;
}

export interface Timer {
  readonly dueAt: number;
  readonly event: { readonly type: string };
}

export interface Child {
  readonly src: string;
  readonly input: unknown;
  /** Invoked by a state and stopped with it; a spawned child goes on until it ends. */
  readonly invoked: boolean;
  readonly serial: number;
  /** Whose message began it: its answer is their doing. */
  readonly by?: string;
}

/** How a child ended. */
export type ChildEnd = { output: unknown } | { error: unknown };

export interface TimedEvent {
  readonly type: string;
  readonly at: number;
  /** In whose name: of a message, and of the answer to what a message began. */
  readonly by?: string | undefined;
}

/** Told of every single step: which event took the chart from where to where. */
export type Observer = (before: Interpretation, after: Interpretation, event: TimedEvent) => void;
