import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a part of a bench tells when it is there, and when it is asked. */
type Told<Ready> = { ready: Ready } | { failed: string } | { usage: Usage };

export interface Usage {
  /** Milliseconds of CPU that the process has used, all of its threads. */
  cpu: number;
  /** Bytes in memory. */
  rss: number;
}

/**
 * A part of a bench in a process of its own, so that its work is counted apart from that of all others. Ends with this
 * process at the latest.
 */
export class Part<Ready> {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** @param script one that calls {@link servePart} @param env its whole environment, but for `PATH` and `HOME` */
  static async start<Ready>(
    script: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Part<Ready>> {
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(script, { env: { PATH, HOME, ...env } });
    const [told] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => [{ failed: `it ended with ${String(code)}` }]),
    ])) as [Told<Ready>];
    if ('ready' in told) return new Part(child, told.ready);
    child.kill();
    throw new Error(`${script} cannot start: ${'failed' in told ? told.failed : ''}`);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  async usage(): Promise<Usage> {
    this.child.send('usage');
    const [told] = (await once(this.child, 'message')) as [{ usage: Usage }];
    return told.usage;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.send('stop');
    await ended;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** The other side: what a part's own script calls, once. */
export function servePart(start: () => Promise<{ ready: unknown; stop: () => Promise<void> }>): void {
  const tell = (told: Told<unknown>) => process.send?.(told);
  process.once('disconnect', () => process.exit());
  start().then(
    ({ ready, stop }) => {
      process.on('message', (asked) => {
        if (asked === 'usage') tell({ usage: usage() });
        else void stop().finally(() => process.exit());
      });
      tell({ ready });
    },
    (error: unknown) => tell({ failed: String(error) }),
  );
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, rss: process.memoryUsage.rss() };
}
