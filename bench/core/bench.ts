/** How a bench is to run. */
export interface BenchOptions {
  /** A small one that takes seconds: for tests, which look whether it works at all. */
  short: boolean;
  /** The Temporal CLI, with which a development server is started. */
  cli: string;
  /** Told of every step, out of `steps`. */
  progress: (steps: number, what: string) => { step(what: string): void; stop(): void };
}

export interface Table {
  title: string;
  head: string[];
  rows: string[][];
}

/** What a bench found: tables for people, figures for programs, and what one must know to judge by either. */
export interface Finding {
  tables: Table[];
  notes?: readonly string[];
  figures: object;
}

export interface Bench {
  /** A line for `npm run bench -- --help`. */
  description: string;
  run(options: BenchOptions): Promise<Finding>;
}
