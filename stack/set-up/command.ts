import { spawn } from 'node:child_process';
import readline from 'node:readline';

/** A command that failed, with the beginning and the end of what it said: some name the cause first, some last. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** All of it. */
  readonly said: string;

  constructor(command: string, outcome: string, said: readonly string[]) {
    const shown = said.length > 24 ? [...said.slice(0, 12), '…', ...said.slice(-12)] : said;
    super([`"${command}" ${outcome}`, ...shown.map((line) => `    ${line}`)].join('\n'));
    this.said = said.join('\n');
  }
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is stopped. */
  timeout?: number;
  onLine?: (line: string) => void;
}

/** Runs a command to its end. @returns all that it says @throws {CommandError} */
export function run(
  command: string,
  args: readonly string[],
  { onLine, env = process.env, ...options }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const line = [command, ...args].join(' ');
    const child = spawn(command, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const input of [child.stdout, child.stderr]) {
      readline.createInterface({ input }).on('line', (text) => {
        if (text.trim()) said.push(text);
        onLine?.(text);
      });
    }
    child.on('error', (error) => reject(new CommandError(line, `cannot be run: ${error.message}`, [])));
    child.on('close', (code, signal) => {
      const outcome = signal ? `was stopped by ${signal}` : `ended with ${String(code)}`;
      if (code === 0) resolve(said.join('\n'));
      else reject(new CommandError(line, outcome, said));
    });
  });
}
