'use strict';

const { spawn } = require('node:child_process');
const readline = require('node:readline');

/** A command that failed, with the beginning and the end of what it said: some name the cause first, some last. */
class CommandError extends Error {
  /**
   * @param {string} line the command as one would type it
   * @param {string} outcome
   * @param {string[]} said
   */
  constructor(line, outcome, said) {
    const shown = said.length > 24 ? [...said.slice(0, 12), '…', ...said.slice(-12)] : said;
    super([`"${line}" ${outcome}`, ...shown.map((words) => `    ${words}`)].join('\n'));
    this.name = 'CommandError';
    this.said = said.join('\n');
  }
}

/**
 * Runs a command to its end and hears each line that it says.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, onLine?: (line: string) => void }} [options]
 *   `timeout` in milliseconds
 * @returns {Promise<string>} all of it
 * @throws {CommandError}
 */
function run(command, args, { cwd, env = process.env, timeout, onLine } = {}) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const said = [];
    const line = [command, ...args].join(' ');
    const child = spawn(command, args, { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const input of [child.stdout, child.stderr]) {
      readline.createInterface({ input }).on('line', (words) => {
        if (words.trim()) said.push(words);
        onLine?.(words);
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

/**
 * Hands the terminal over to a command, which also gets the signals that we get.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
function handOver(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' });
    // The terminal interrupts both of us; we wait for the command to end in its own way.
    const wait = () => undefined;
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

module.exports = { CommandError, run, handOver };
