import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { Running } from './supervised-process';

const bin = path.resolve(__dirname, '../../../bin/preverified.js');

/** Nothing outlives this process, however it ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/**
 * `preverified <command>` as a process of its own, with this environment and no other, once it says that it is ready.
 *
 * @param log the file to which its log is added
 * @throws Error with what it complains of, if it ends before
 */
export async function launch(
  command: string,
  env: Readonly<Record<string, string>>,
  log: string,
): Promise<Running> {
  const child = spawn(process.execPath, [bin, command], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const said: string[] = [];
  readline.createInterface({ input: child.stderr }).on('line', (line) => {
    if (said.push(line) > 20) said.shift();
    appendFileSync(log, `${command} ${line}\n`);
  });
  const stopped = once(child, 'close').finally(() => children.delete(child));
  const ended = stopped.then(([code]) => {
    throw new Error(`preverified ${command} ended with ${String(code)}: ${said.join('\n')}`);
  });
  await Promise.race([once(readline.createInterface({ input: child.stdout }), 'line'), ended]);
  // From here on its supervisor handles it.
  ended.catch(() => undefined);
  return { pid: child.pid!, stopped };
}
