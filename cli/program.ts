import { Command } from 'commander';
import { registerAdd } from './add';
import { registerAudit } from './audit';
import { registerCustomers } from './customers';
import { registerDev } from './dev';
import { registerDoctor } from './doctor';
import { registerGateway } from './gateway';
import { registerKeys } from './keys';
import { registerList } from './list';
import { registerMessages } from './messages';
import { registerPin } from './pin';
import { registerReconcile } from './reconcile';
import { registerRecords } from './records';
import { registerRun } from './run';
import { registerShow } from './show';
import { registerSignupConfig } from './signup-config';
import { registerStatus } from './status';
import { version } from '../settings/version';

/** Every command with its arguments and options, and nothing run yet. */
export function commandLine(): Command {
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
  return program;
}
