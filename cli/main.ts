import { CommanderError } from 'commander';
import { sentence } from './failed';
import { note } from './print';
import { commandLine } from './program';

/** The command line: 0 when all was done, 1 when something was not, 2 when the command was not understood. */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else {
      note(sentence(error));
      process.exitCode = 1;
    }
  }
}

// Who reads along may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void main(process.argv);
