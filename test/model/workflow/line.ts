import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

type Where = 'before' | 'after';

/**
 * The line to Meta, on which calls may be held: what is said meanwhile comes while they are under way. A number's calls
 * end in the order in which they began, given-up ones too: on the time-skipping server no time passes any more where a
 * workflow ends before its calls. Each ends once the number has heard of the end before it: that server loses a workflow
 * task where two calls end while it is under way.
 */
export class Line {
  /** Whether a number has taken in all that came to it; set as soon as there is somebody to ask. */
  hasHeard: (workflowId: string) => Promise<boolean> = () => Promise.resolve(true);
  readonly #attempts = new Map<string, Attempt[]>();
  readonly #holds = new Map<string, Hold>();
  readonly #pauses = new Map<string, Gate>();

  /** The next attempt of that workflow waits until it is released, before it is made or before its answer is known. */
  hold(workflowId: string, where: Where): void {
    if (!this.#holds.has(workflowId)) this.#holds.set(workflowId, new Hold(where));
  }

  release(workflowId: string): void {
    this.#holds.get(workflowId)?.open();
    this.#holds.delete(workflowId);
  }

  /**
   * Nothing is asked and nothing answered while messages are sent: the time-skipping server fails or loses the workflow
   * task where a call ends just as it is given up.
   */
  pause(workflowId: string): void {
    if (!this.#pauses.has(workflowId)) this.#pauses.set(workflowId, new Gate());
  }

  goOn(workflowId: string): void {
    this.#pauses.get(workflowId)?.open();
    this.#pauses.delete(workflowId);
  }

  /** Nothing more comes of this call for now: it is held, or Temporal waits before it tries again. */
  isStill(workflowId: string, activityId: string): boolean {
    const is = this.#last(workflowId, activityId)?.is;
    return is === 'held' || is === 'backing off';
  }

  /** It has come to its end here; the server may not know yet. */
  isDone(workflowId: string, activityId: string): boolean {
    return this.#last(workflowId, activityId)?.is === 'done';
  }

  #last(workflowId: string, activityId: string): Attempt | undefined {
    return this.#attempts.get(workflowId)?.findLast((one) => one.activityId === activityId);
  }

  /** For whoever looks why a number does not come to rest. */
  attemptsOf(workflowId: string): string[] {
    const attempts = this.#attempts.get(workflowId) ?? [];
    return attempts
      .slice(-6)
      .map(({ activityId, is, end }) => `${activityId} is ${is}${end.isOpen ? ', ended' : ''}`);
  }

  readonly interceptor: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const { workflowId } = info.workflowExecution!;
        const attempts = this.#attempts.get(workflowId) ?? [];
        this.#attempts.set(workflowId, attempts);
        const ahead = attempts.filter(({ end }) => !end.isOpen);
        const attempt = new Attempt(info.activityId);
        attempts.push(attempt);
        const hold = this.#holds.get(workflowId)?.take();
        const answered = async () => {
          if (hold?.where === 'after') await attempt.waitFor([hold]);
          await attempt.waitFor(ahead.map(({ end }) => end));
          await this.#pauses.get(workflowId)?.opened;
          const alone = ahead.length === 0 && attempts.at(-1) === attempt;
          while (!alone && !(await this.hasHeard(workflowId))) await setTimeout(10);
        };
        try {
          await this.#pauses.get(workflowId)?.opened;
          if (hold?.where === 'before') await attempt.waitFor([hold]);
          const output = await next(input);
          await answered();
          attempt.is = 'done';
          return output;
        } catch (error) {
          await answered();
          const last = error instanceof ApplicationFailure && error.nonRetryable;
          attempt.is = last ? 'done' : 'backing off';
          throw error;
        } finally {
          attempt.end.open();
        }
      },
    },
  });
}

class Gate {
  isOpen = false;
  #open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.isOpen = true;
    this.#open();
  }
}

class Hold extends Gate {
  #taken = false;

  constructor(readonly where: Where) {
    super();
  }

  /** It holds one attempt. */
  take(): this | undefined {
    if (this.#taken) return undefined;
    this.#taken = true;
    return this;
  }
}

class Attempt {
  is: 'running' | 'held' | 'backing off' | 'done' = 'running';
  readonly end = new Gate();

  constructor(readonly activityId: string) {}

  async waitFor(gates: readonly Gate[]): Promise<void> {
    if (gates.every(({ isOpen }) => isOpen)) return;
    this.is = 'held';
    await Promise.all(gates.map(({ opened }) => opened));
    this.is = 'running';
  }
}
