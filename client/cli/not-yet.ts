import type { Command } from 'commander';
import { note } from './print';

/** Commands of the contract that are still to come. */
const commands = {
  gateway: 'take in codes, webhooks and signups over HTTP',
};

export function registerNotYet(program: Command): void {
  for (const [name, description] of Object.entries(commands)) {
    program
      .command(name)
      .description(`${description} (not yet)`)
      .action(() => {
        note(`preverified ${name}: not yet.`);
        process.exitCode = 2;
      });
  }
}
