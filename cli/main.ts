import { Command, CommanderError } from 'commander';
import { registerAdd } from './add';
import { registerAudit } from './audit';
import { registerCustomers } from './customers';
import { registerDev } from './dev';
import { registerDoctor } from './doctor';
import { sentence } from './failed';
import { registerGateway } from './gateway';
import { registerKeys } from './keys';
import { registerList } from './list';
import { registerMessages } from './messages';
import { registerPin } from './pin';
import { note } from './print';
import { registerReconcile } from './reconcile';
import { registerRecords } from './records';
import { registerRun } from './run';
import { registerShow } from './show';
import { registerSignupConfig } from './signup-config';
import { registerStatus } from './status';
import { version } from '../settings/version';

/** The command line: 0 when all was done, 1 when something was not, 2 when the command was not understood. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('preverified')
    .description('Looks after a pool of WhatsApp pre-verified phone numbers.')
    .version(version())
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(see --help)')
    .exitOverride();
  const commands = [
    registerStatus,
    registerAdd,
    registerList,
    registerShow,
    registerMessages,
    registerSignupConfig,
    registerPin,
    registerAudit,
    registerCustomers,
    registerReconcile,
    registerRecords,
    registerKeys,
    registerDoctor,
    registerRun,
    registerGateway,
    registerDev,
  ];
  for (const register of commands) register(program);
  try {
    await program.parseAsync(argv);
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
