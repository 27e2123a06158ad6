import { setTimeout } from 'node:timers/promises';

/** Something that runs, as its supervisor knows it. */
export interface Running {
  pid: number;
  /** Settles when it has ended, by itself or not. */
  stopped: Promise<unknown>;
}

/** What was done to a process, and how often. */
export interface Disruptions {
  killed: number;
  /** Stopped for a while, and let go on. */
  paused: number;
  /** Ended though nobody killed it. */
  crashed: number;
}

/** A process that can be cut off at any moment, and is started again. */
export interface Target {
  readonly name: string;
  readonly disruptions: Disruptions;
  /** Settles when it is ready; at once if it runs. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it for some milliseconds, as a machine that is moved or swaps does; `undefined` where it cannot be. */
  pause?(span: number): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds before the next try where it could not start: Temporal may be down, or a port not free yet. */
const RETRY_AFTER = 300;

/** A process under a supervisor that starts it again whenever it has ended, as in production. */
export class SupervisedProcess implements Target {
  readonly disruptions: Disruptions = { killed: 0, paused: 0, crashed: 0 };
  #running: Running | null = null;
  #starting: Promise<void> | null = null;
  #closing = false;

  constructor(
    readonly name: string,
    private readonly launch: () => Promise<Running>,
  ) {}

  async start(): Promise<void> {
    if (this.#running) return;
    await (this.#starting ??= this.#launch().finally(() => (this.#starting = null)));
  }

  async kill(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    this.disruptions.killed++;
    process.kill(running.pid, 'SIGKILL');
    await running.stopped;
  }

  async pause(span: number): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.disruptions.paused++;
    process.kill(running.pid, 'SIGSTOP');
    await setTimeout(span);
    if (this.#running === running) process.kill(running.pid, 'SIGCONT');
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
    await running.stopped;
  }

  async #launch(): Promise<void> {
    for (let tries = 1; !this.#closing; tries++) {
      try {
        const running = await this.launch();
        this.#running = running;
        void running.stopped.then(() => this.#ended(running));
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await setTimeout(RETRY_AFTER);
      }
    }
  }

  #ended(running: Running): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.disruptions.crashed++;
    void this.start();
  }
}
