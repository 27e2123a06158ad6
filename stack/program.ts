import { spawn, type ChildProcess } from 'node:child_process';
import readline from 'node:readline';
import { StartError } from '../settings/start-error';

export interface ProgramOptions {
  /** What it is to a person: `Temporal's development server`. */
  what: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Whom it runs as; by default who runs this process. */
  user?: { uid: number; gid: number };
  /** What ends it with this process: `SIGKILL` unless it would leave something behind. */
  lastSignal?: NodeJS.Signals;
  /** The line by which it says that it serves. */
  isReady: (line: string) => boolean;
  /** What of a line is for a person; all of it by default. */
  readable?: (line: string) => string;
  /** What to do where it cannot start. */
  remedy: string;
}

export interface Program {
  readonly pid: number;
  /** Settles when it has ended, by itself or not. */
  readonly stopped: Promise<void>;
  /** Ends it, `SIGKILL` as a power cut would. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a program and waits until it says that it serves. It ends with this process at the latest.
 *
 * @throws {StartError} with what the program says, if it cannot start
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { command, args, env = process.env, user, lastSignal = 'SIGKILL' } = options;
  const child = spawn(command, args, { env, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill(lastSignal);
  process.once('exit', kill);
  const stopped = new Promise<void>((resolve) => {
    child.once('close', resolve).once('error', resolve);
  }).finally(() => process.off('exit', kill));
  await ready(child, options);
  return {
    pid: child.pid as number,
    stopped,
    async end(signal) {
      child.kill(signal);
      await stopped;
    },
  };
}

async function ready(child: ChildProcess, options: ProgramOptions): Promise<void> {
  const { what, isReady, readable = (line: string) => line, remedy } = options;
  const said: string[] = [];
  const listening = new Promise<void>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      if (!input) continue;
      readline.createInterface({ input }).on('line', (line) => {
        // A program that breaks down says why in its first lines, and where in its last.
        if (said.push(readable(line)) > 20) said.splice(10, 1);
        if (isReady(line)) resolve();
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`it ended with ${String(code)}`)));
  });
  await listening.catch((error: unknown) => {
    throw new StartError(
      `${what} cannot start: ${[(error as Error).message, ...said].join('\n    ')}\n`,
      remedy,
      { cause: error },
    );
  });
}
