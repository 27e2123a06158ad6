import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Temporal's time where it skips, for a simulator that runs by it; between two moments it runs as real time does. */
export class SkippingClock {
  #ahead = 0;

  readonly now = (): number => Date.now() + this.#ahead;

  /** Temporal has come to this moment, in epoch milliseconds. */
  reach(moment: number): void {
    this.#ahead = Math.max(this.#ahead, moment - Date.now());
  }

  /** Brings each call to Meta at Temporal's own time: nothing is skipped while a call is under way. */
  readonly interceptor: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        this.reach(info.currentAttemptScheduledTimestampMs);
        return next(input);
      },
    },
  });
}
