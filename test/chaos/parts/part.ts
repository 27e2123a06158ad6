import { setTimeout as pause } from 'node:timers/promises';

/** Something that runs, as its supervisor knows it. */
export interface Running {
  pid: number;
  /** Settles when it has ended, by itself or not. */
  stopped: Promise<unknown>;
}

/** What happened to a part in its life. */
export interface Fate {
  killed: number;
  /** Stopped for a while, and let go on. */
  halted: number;
  /** Ended though nobody killed it. */
  fell: number;
}

/** Something that can be cut off at any moment, and is started again. */
export interface Victim {
  readonly name: string;
  readonly fate: Fate;
  /** Settles when it is ready; at once if it runs. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it for some milliseconds, as a machine that is moved or swaps does; `undefined` where it cannot be. */
  halt?(span: number): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds before the next try where it could not start: Temporal may be down, or a port not free yet. */
const PAUSE = 300;

/** A part of the system under its supervisor, which starts it again whenever it has ended: so does production. */
export class Part implements Victim {
  readonly fate: Fate = { killed: 0, halted: 0, fell: 0 };
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
    this.fate.killed++;
    process.kill(running.pid, 'SIGKILL');
    await running.stopped;
  }

  async halt(span: number): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.fate.halted++;
    process.kill(running.pid, 'SIGSTOP');
    await pause(span);
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
        await pause(PAUSE);
      }
    }
  }

  #ended(running: Running): void {
    if (this.#running !== running) return;
    this.#running = null;
    this.fate.fell++;
    void this.start();
  }
}
