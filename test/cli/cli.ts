import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import readline from 'node:readline';
import { text } from 'node:stream/consumers';

const bin = path.resolve(__dirname, '../../bin/preverified.js');

/** `preverified` as a user runs it: the built command, with this environment and no other. */
export function start(args: string[], env: Record<string, string>, cwd = __dirname): ChildProcess {
  return spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TEMPORAL_CONFIG_FILE: '/nowhere', LOG_LEVEL: 'warn', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export interface Answer {
  code: number | null;
  out: string;
  err: string;
}

export async function run(args: string[], env: Record<string, string> = {}, input = ''): Promise<Answer> {
  const child = start(args, env);
  child.stdin?.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { code: code as number | null, out, err };
}

/** The line that a running command prints when it is ready. */
export async function ready(child: ChildProcess): Promise<string> {
  const err = text(child.stderr!);
  const line = once(readline.createInterface(child.stdout!), 'line').then(([first]) => String(first));
  const ended = once(child, 'exit').then(async ([code]) => {
    throw new Error(`it ended with ${String(code)}: ${await err}`);
  });
  return Promise.race([line, ended]);
}
