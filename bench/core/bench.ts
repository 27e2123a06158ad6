/** How a bench is to run. */
export interface BenchOptions {
  /** A small one that takes seconds: for tests, which look whether it works at all. */
  short: boolean;
  /** Shows how many of the steps are done. */
  progress: (steps: number, what: string) => { step(what: string): void; stop(): void };
}

export interface Table {
  title: string;
  head: string[];
  rows: string[][];
}

/** What a bench found: tables for people, figures for programs, and what keeps either from being the whole truth. */
export interface Finding {
  tables: Table[];
  caveats?: readonly string[];
  figures: object;
}

export interface Bench {
  /** A line for `npm run bench -- --help`. */
  description: string;
  run(options: BenchOptions): Promise<Finding>;
}
