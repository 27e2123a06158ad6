import readline from 'node:readline/promises';
import { Option } from 'commander';
import { note } from './print';

export const yesOption = () => new Option('-y, --yes', 'do it without asking');

/** Asks on a terminal; elsewhere nobody can answer, and `--yes` must have been given. */
export async function confirmed(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    note(`${question}\nSay --yes to do it.`);
    return false;
  }
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question}\nGo on? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
