import { setTimeout } from 'node:timers/promises';
import { TestStack } from '../../support/test-stack';
import { DAY, HOUR } from '../rules/number';
import { Life } from './life';
import { hasHeard } from './history';
import { Line } from './line';
import type { Batch, Passing } from './sequences';

/** Numbers and their models, on a server whose time is everybody's. */
export class Stage {
  #numbers = 2_000_000;
  /** Lives that ended before their calls, and of which the server knows now. */
  readonly #ended = new Set<Life>();

  private constructor(
    private readonly stack: TestStack,
    private readonly line: Line,
  ) {}

  static async set(): Promise<Stage> {
    const line = new Line();
    const stack = await TestStack.skippingTime({}, { interceptors: () => [line.interceptor] });
    line.hasHeard = async (workflowId) => {
      const history = await stack.client.workflow.getHandle(workflowId).fetchHistory();
      return hasHeard(history.events ?? [], (call) => line.isDone(workflowId, call));
    };
    return new Stage(stack, line);
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  /** Throws where a number and its model disagree. */
  async play({ lives: plans, time }: Batch): Promise<void> {
    const lives = await Promise.all(
      plans.map((plan) => Life.begin(this.stack, this.line, this.#newNumber(), plan)),
    );
    try {
      for (const [round, passing] of [...time, null].entries()) {
        await forEach(lives, (life) => life.play(round));
        if (passing) await this.#pass(passing, lives);
        await forEach(lives, (life) => life.settle());
        await this.#holdToMeta(lives);
      }
      await this.#calmDown(lives);
      await forEach(lives, (life) => life.end());
    } finally {
      await Promise.all(lives.map((life) => life.bury()));
    }
  }

  /** Calls that are tried again come to their end: where a workflow ends before its calls, no time passes any more. */
  async #calmDown(lives: readonly Life[]): Promise<void> {
    await this.stack.sim.clearFaults();
    for (let hours = 0; lives.some((life) => life.calls) && hours < 24; hours++) {
      await this.#pass({ span: HOUR }, lives);
      await forEach(lives, (life) => life.settle());
    }
  }

  #newNumber(): string {
    return `1555${String(this.#numbers++).padStart(7, '0')}`;
  }

  async #pass(passing: Passing, lives: readonly Life[]): Promise<void> {
    const now = await this.stack.now();
    const until = momentOf(passing, now, lives);
    for (const { trail } of lives) trail.push(`${String(until - now)} ms pass`);
    await forEach(lives, (life) => this.#release(life));
    // In steps, for a busy year is long.
    for (let at = now; at < until;) {
      at = Math.min(until, at + 10 * DAY);
      await inTime(this.stack.passUntil(at), lives);
    }
  }

  /**
   * The server holds its clock while a call is under way, and for ever where the workflow ended before the call: then the
   * call's end finds no workflow. It is let go in the call's place.
   */
  async #release(life: Life): Promise<void> {
    if (this.#ended.has(life)) return;
    const left = await life.callsLeft();
    if (left === null) return;
    this.#ended.add(life);
    for (let call = 0; call < left; call++) await this.stack.letClockGo();
  }

  async #holdToMeta(lives: readonly Life[]): Promise<void> {
    const atMeta = new Map((await this.stack.sim.numbers()).map((number) => [number.phoneNumber, number]));
    await forEach(lives, (life) => life.holdToMeta(atMeta.get(life.number.digits)));
  }
}

/** The server waits for ever where a call does not end. */
async function inTime(passed: Promise<void>, lives: readonly Life[]): Promise<void> {
  const waiting = new AbortController();
  const late = setTimeout(300_000, 'late' as const, { signal: waiting.signal });
  const ended = await Promise.race([passed, late]);
  waiting.abort();
  if (ended !== 'late') return;
  const moving = await Promise.all(lives.map((life) => life.whatMoves()));
  throw new Error(`time does not pass, for one of these moves:\n${moving.join('\n')}`);
}

function momentOf(passing: Passing, now: number, lives: readonly Life[]): number {
  if ('span' in passing) return now + passing.span;
  const dues = lives[passing.due % lives.length]!.dues;
  const due = dues[passing.which % dues.length];
  return due === undefined ? now + DAY : Math.max(now, due + passing.offset);
}

/** All go on at the same time; one that fails brings its trail. */
async function forEach(lives: readonly Life[], act: (life: Life) => Promise<unknown>): Promise<void> {
  const ends = await Promise.allSettled(lives.map(act));
  ends.forEach((end, index) => {
    if (end.status === 'fulfilled') return;
    const { message } = end.reason as Error;
    throw new Error([message, ...lives[index]!.trail].join('\n'), { cause: end.reason });
  });
}
