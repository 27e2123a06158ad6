import { spawn } from 'node:child_process';

/** A fault that a person can mend: its message is all that is shown. */
export class SetupError extends Error {}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

/** Does one step of set-up and says so, with a sign of life every fifteen seconds. */
export async function step(name, work) {
  const begun = Date.now();
  console.log(`• ${name} …`);
  const alive = setInterval(() => console.log(`  ${name}: still at it after ${seconds(begun)}`), 15_000);
  try {
    const result = await work();
    console.log(`✓ ${name} (${seconds(begun)})`);
    return result;
  } finally {
    clearInterval(alive);
  }
}

/**
 * Runs a command to its end.
 * @returns {Promise<{ code: number, output: string }>} the code is 127 where the command does not exist
 */
export function run(command, args, { env = process.env, cwd, timeout, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      cwd,
      timeout,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', () => resolve({ code: 127, output: `${command} was not found` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The last lines of a command's output, for a message. */
export const tail = (output, lines = 8) => output.trim().split('\n').slice(-lines).join('\n');
