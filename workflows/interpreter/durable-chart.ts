import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  patched,
  sleep,
} from '@temporalio/workflow';
import type { Child, ChildEnd, Interpretation } from './interpretation';
import { runLength, type Messages } from './run-length';

/** What a durable chart does in the world, and who hears what came of it. */
export interface Effects {
  /** Does a child's work; its cancellation scope is cancelled when the chart leaves the child. */
  run(child: Child): Promise<unknown>;
  /** A line for the Temporal UI on what happens when the timer fires. */
  timerSummary(timerId: string, now: Interpretation): string;
  /** `dueAt` tells it from one of the same ID that the chart has set since. */
  onTimer(timer: { id: string; dueAt: number }, at: number): void;
  onChildEnd(child: { id: string; serial: number }, end: ChildEnd, at: number): void;
}

/**
 * The durable half of the interpreter: makes the timers and children of an interpretation those of a Temporal workflow.
 * Timers become durable, cancellable sleeps, children whatever the effects make of them; what to start and what to cancel
 * is the difference between what runs and what the interpretation has.
 *
 * @example
 * let now = interpreter.begin({ at: Date.now() });
 * const durable = new DurableChart({ run, timerSummary, onTimer: ({ id }, at) => { now = interpreter.fire(now, id, at); durable.sync(now); }, … });
 * durable.sync(now);
 */
export class DurableChart {
  readonly #timers = new Map<string, { dueAt: number; scope: CancellationScope }>();
  readonly #children = new Map<string, { serial: number; scope: CancellationScope }>();
  #broken: Error | null = null;

  constructor(private readonly effects: Effects) {}

  /** Why the chart cannot go on, if it cannot. Whoever awaits the chart throws it, which fails the task, not the workflow. */
  get broken(): Error | null {
    return this.#broken;
  }

  sync(now: Interpretation): void {
    const { timers, children } = now;
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
      if (!this.#timers.has(id)) this.#startTimer(id, dueAt, now);
    const begun = Object.entries(children).filter(([id]) => !this.#children.has(id));
    for (const [id, child] of begun.sort(([, one], [, other]) => one.serial - other.serial))
      this.#startChild(id, child);
  }

  #startTimer(id: string, dueAt: number, now: Interpretation): void {
    const scope = new CancellationScope();
    const running = { dueAt, scope };
    this.#timers.set(id, running);
    const summary = this.effects.timerSummary(id, now);
    this.#whenEnded(
      scope.run(() => sleep(Math.max(1, dueAt - Date.now()), { summary })),
      () => {
        if (this.#timers.get(id) !== running) return;
        this.#timers.delete(id);
        // The server's clock fired it; the workflow's clock may be a moment behind.
        this.effects.onTimer({ id, dueAt }, Math.max(dueAt, Date.now()));
      },
      (error) => {
        if (!isCancellation(error)) throw error;
      },
    );
  }

  #startChild(id: string, child: Child): void {
    const scope = new CancellationScope();
    this.#children.set(id, { serial: child.serial, scope });
    const finish = (end: ChildEnd) => {
      if (this.#children.get(id)?.serial !== child.serial) return;
      this.#children.delete(id);
      this.effects.onChildEnd({ id, serial: child.serial }, end, Date.now());
    };
    this.#whenEnded(
      scope.run(() => this.effects.run(child)),
      (output) => {
        finish({ output });
      },
      (error) => {
        finish({ error });
      },
    );
  }

  /** A throw in here would reject a promise that nobody awaits: it is kept for whoever awaits the chart. */
  #whenEnded<T>(work: Promise<T>, onDone: (value: T) => void, onError: (error: unknown) => void): void {
    const guarded =
      <End>(take: (end: End) => void) =>
      (end: End) => {
        try {
          take(end);
        } catch (error) {
          this.#broken = error instanceof Error ? error : new Error(String(error));
        }
      };
    void work.then(guarded(onDone), guarded(onError));
  }
}

/** A life on a durable chart, as {@link runLife} sees it. */
export interface DurableLife {
  readonly broken: Error | null;
  readonly ended: boolean;
  /** No call is under way, every message has had its effect, everything is published: another run can go on from here. */
  readonly idle: boolean;
  /** Messages wait to be acted on: no other run knows of them. */
  readonly backlog: number;
  /** What is under way, another run can begin again. */
  readonly portable: boolean;
  /** What the run has taken in. */
  readonly messages: Messages;
  /** Makes what has changed since the last time Temporal's; says whether anything had. */
  publish(): boolean;
  /** Answers those who wait for a call that it is under way. */
  dismissWaiting(): void;
}

/**
 * Runs a life until it has ended, or should go on in another run: its history has grown long, or there is a newer version
 * of its chart. Continue-as-new then happens in the main function, while nothing is in flight, or nothing that the next
 * run cannot begin again.
 *
 * @throws what broke the chart, which fails the workflow task and not the run
 */
export async function runLife(
  life: DurableLife,
  { version, latest }: { version: number; latest: number },
): Promise<'ended' | 'long' | 'outdated'> {
  const settled = () => allHandlersFinished() && life.idle;
  const ended = () => life.ended && settled();
  const long = () => {
    const length = runLength(life.messages);
    if (length === 'short' || life.backlog > 0) return false;
    return length === 'full' || (length === 'tooLong' && life.portable) || settled();
  };
  const outdated = () => version < latest && settled();
  let stays = false;
  for (;;) {
    // Temporal asks the condition once everything that came with a task has run. A run that goes on publishes here and
    // answers no: each yes would cost the worker another entry into its sandbox, of three or four that a task has, which
    // makes 6 % of a life's replay (docs/performance.md).
    await condition(() => {
      if (life.publish()) stays = false;
      return life.broken !== null || ended() || long() || (!stays && outdated());
    });
    if (life.broken !== null) throw life.broken;
    if (ended()) return 'ended';
    if (long()) {
      life.dismissWaiting();
      await condition(allHandlersFinished);
      return 'long';
    }
    // A history that went on here before there was the newer version goes on here in every replay.
    if (patched(`chart version ${String(latest)}`)) return 'outdated';
    stays = true;
  }
}
