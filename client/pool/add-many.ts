import pLimit from 'p-limit';
import type { AddedNumber, AddOptions } from './add';

/** A number, with options of its own where it differs from the others. */
export type NumberToAdd = string | ({ number: string } & AddOptions);

export type AddOutcome = { number: string } & (
  | { ok: true; added: AddedNumber }
  /** A `RefusedError`, or what kept Temporal from being asked. */
  | { ok: false; error: Error }
);

export interface AddManyOptions {
  /** Starts under way at a time; 10 by default. */
  concurrency?: number;
  /** Begins no more once it is aborted: what is left fails with a `NotTriedError`. */
  signal?: AbortSignal;
  /** Told after each number, in the order in which they are done. */
  onProgress?: (done: number, total: number, last: AddOutcome) => void;
}

/** Adds each number; one that fails stops no other. Outcomes come in the order of the numbers. */
export async function addMany(
  add: (number: string, options: AddOptions) => Promise<AddedNumber>,
  numbers: Iterable<NumberToAdd>,
  { concurrency = 10, signal, onProgress = () => undefined }: AddManyOptions,
): Promise<AddOutcome[]> {
  const all = [...numbers];
  const limit = pLimit(concurrency);
  let done = 0;
  return Promise.all(
    all.map((each) =>
      limit(async (): Promise<AddOutcome> => {
        const { number, ...options } = typeof each === 'string' ? { number: each } : each;
        if (signal?.aborted) return { number, ok: false, error: new NotTriedError(number) };
        const outcome = await add(number, options).then(
          (added): AddOutcome => ({ number, ok: true, added }),
          (error: unknown): AddOutcome => ({ number, ok: false, error: asError(error) }),
        );
        onProgress(++done, all.length, outcome);
        return outcome;
      }),
    ),
  );
}

/** The adding was stopped before it came to this number. */
export class NotTriedError extends Error {
  override readonly name = 'NotTriedError';

  constructor(number: string) {
    super(`${number} was not tried.`);
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
