import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { AnyStateMachine } from 'xstate';
import {
  accepts,
  Interpreter,
  type Child,
  type Interpretation,
  type Observer,
  type TimedEvent,
} from './interpretation';

/** How a chart touches the world. */
export interface Effects {
  /** Does a child's work; its cancellation scope is cancelled when the chart leaves the child. */
  run(child: Child): Promise<unknown>;
  /** A line for the Temporal UI on what happens when the timer fires. */
  timerSummary(timerId: string, now: Interpretation): string;
  /** Told of every step, within the task that makes it. */
  onTransition: Observer;
}

/**
 * The durable half of the interpreter: runs any chart inside a Temporal workflow. Timers become durable, cancellable
 * sleeps, children become whatever the world makes of them; both follow from the difference between two interpretations.
 *
 * @example
 * const chart = new DurableChart(trafficLight, world);
 * chart.begin({ at: Date.now() });
 * await condition(() => chart.now.done);
 */
export class DurableChart {
  #now: Interpretation | null = null;
  readonly #timers = new Map<string, { dueAt: number; scope: CancellationScope }>();
  readonly #children = new Map<string, { serial: number; scope: CancellationScope }>();
  /** Those whose work has ended serve the next: one costs three promises, each of which the SDK notes with its stack. */
  readonly #idleScopes: CancellationScope[] = [];
  #broken: Error | null = null;

  readonly #interpreter: Interpreter;

  constructor(
    private readonly chart: AnyStateMachine,
    private readonly world: Effects,
  ) {
    this.#interpreter = new Interpreter(chart, (before, after, event) => {
      world.onTransition(before, after, event);
    });
  }

  get now(): Interpretation {
    if (this.#now === null) throw new Error('the chart has not begun');
    return this.#now;
  }

  begin(input: { at: number }): void {
    this.#now = this.#interpreter.begin(input);
    this.#follow();
  }

  /** Goes on where an earlier run stopped: absolute times stay what they were. */
  resume(from: Interpretation, at: number): void {
    this.#now = this.#interpreter.settle(from, at);
    this.#follow();
  }

  send(event: TimedEvent): void {
    this.#move((now) => this.#interpreter.advance(now, event));
  }

  /** Whether the event would do anything; asks only, changes nothing: fit for a validator. */
  accepts(event: TimedEvent): boolean {
    return accepts(this.chart, this.now, event);
  }

  /** The chart at a moment, due timers fired; changes nothing. */
  at(moment: number): Interpretation {
    return new Interpreter(this.chart).settle(this.now, moment);
  }

  /** Nothing is under way: the chart could go on in another run. */
  get idle(): boolean {
    return Object.keys(this.now.children).length === 0;
  }

  /** Why the chart cannot go on, if it cannot. Whoever awaits the chart throws it, which fails the task, not the workflow. */
  get broken(): Error | null {
    return this.#broken;
  }

  #move(step: (now: Interpretation) => Interpretation): void {
    this.#now = step(this.now);
    this.#follow();
  }

  /** Makes the world's timers and children those of the interpretation. */
  #follow(): void {
    const { timers, children } = this.now;
    for (const [id, running] of this.#timers) {
      if (timers[id]?.dueAt !== running.dueAt) {
        this.#timers.delete(id);
        // One that is due has fired at the server, or will in a moment: it cannot be cancelled any more.
        if (running.dueAt > Date.now()) running.scope.cancel();
      }
    }
    for (const [id, running] of this.#children) {
      if (children[id]?.serial !== running.serial) {
        this.#children.delete(id);
        running.scope.cancel();
      }
    }
    for (const [id, { dueAt }] of Object.entries(timers))
      if (!this.#timers.has(id)) this.#startTimer(id, dueAt);
    for (const [id, child] of Object.entries(children))
      if (!this.#children.has(id)) this.#startChild(id, child);
  }

  #scope(): CancellationScope {
    return this.#idleScopes.pop() ?? new CancellationScope();
  }

  #startTimer(id: string, dueAt: number): void {
    const scope = this.#scope();
    const running = { dueAt, scope };
    this.#timers.set(id, running);
    const summary = this.world.timerSummary(id, this.now);
    const fire = () => {
      if (this.#timers.get(id) !== running) return;
      this.#timers.delete(id);
      this.#idleScopes.push(scope);
      // The server's clock fired it; the workflow's own may be a moment behind.
      const at = Math.max(dueAt, Date.now());
      this.#move((now) => this.#interpreter.fire(now, id, at));
    };
    this.#whenEnded(
      scope.run(() => sleep(Math.max(1, dueAt - Date.now()), { summary })),
      fire,
      (error) => {
        if (!isCancellation(error)) throw error;
      },
    );
  }

  #startChild(id: string, child: Child): void {
    const scope = this.#scope();
    this.#children.set(id, { serial: child.serial, scope });
    const finish = (end: { output: unknown } | { error: unknown }) => {
      if (this.#children.get(id)?.serial !== child.serial) return;
      this.#children.delete(id);
      this.#idleScopes.push(scope);
      this.#move((now) => this.#interpreter.finishChild(now, { id, serial: child.serial }, end, Date.now()));
    };
    this.#whenEnded(
      scope.run(() => this.world.run(child)),
      (output) => {
        finish({ output });
      },
      (error) => {
        finish({ error });
      },
    );
  }

  /** One promise for it all: each costs a workflow dear, for the SDK notes where it was made. */
  #whenEnded<T>(work: Promise<T>, well: (value: T) => void, badly: (error: unknown) => void): void {
    const guarded =
      <End>(take: (end: End) => void) =>
      (end: End) => {
        try {
          take(end);
        } catch (error) {
          this.#broken = error instanceof Error ? error : new Error(String(error));
        }
      };
    void work.then(guarded(well), guarded(badly));
  }
}
