import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a measured process sends: once it is ready or has failed, and when its usage is asked for. */
type Message<Ready> = { ready: Ready } | { failed: string } | { usage: Usage };

export interface Usage {
  /** Milliseconds of CPU that the process has used, all of its threads. */
  cpu: number;
  /** Bytes in memory. */
  rss: number;
}

/** A process of a bench, so that its work is counted apart from that of all others. It ends with this process at the latest. */
export class MeasuredProcess<Ready> {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** @param script one that calls {@link serveMeasured} @param env its whole environment, but for `PATH` and `HOME` */
  static async start<Ready>(
    script: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<MeasuredProcess<Ready>> {
    const { PATH = '', HOME = '' } = process.env;
    const child = fork(script, { env: { PATH, HOME, ...env } });
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => [{ failed: `it ended with ${String(code)}` }]),
    ])) as [Message<Ready>];
    if ('ready' in message) return new MeasuredProcess(child, message.ready);
    child.kill();
    throw new Error(`${script} cannot start: ${'failed' in message ? message.failed : ''}`);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  async usage(): Promise<Usage> {
    this.child.send('usage');
    const [message] = (await once(this.child, 'message')) as [{ usage: Usage }];
    return message.usage;
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

/** The other side: what the script of a measured process calls, once. */
export function serveMeasured(start: () => Promise<{ ready: unknown; stop: () => Promise<void> }>): void {
  const send = (message: Message<unknown>) => process.send?.(message);
  process.once('disconnect', () => process.exit());
  start().then(
    ({ ready, stop }) => {
      process.on('message', (asked) => {
        if (asked === 'usage') send({ usage: usage() });
        else void stop().finally(() => process.exit());
      });
      send({ ready });
    },
    (error: unknown) => send({ failed: String(error) }),
  );
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1000, rss: process.memoryUsage.rss() };
}
