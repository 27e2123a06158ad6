import { Option, type Command } from 'commander';
import type { SignupOptions } from '../client/index';
import { Failed } from './failed';
import { note, printJson } from './print';
import { jsonOption, withPool } from './with-pool';

interface Options {
  shape: 'document' | 'v2' | 'v4';
  configId?: string;
  customerId?: string;
  includeUnverified?: boolean;
  json?: boolean;
}

export function registerSignupConfig(program: Command): void {
  program
    .command('signup-config')
    .description("the configuration of Meta's signup popup that offers the numbers")
    .argument('<number|id...>', 'numbers, or pre-verified IDs; newer versions show only the first')
    .addOption(
      new Option('--shape <version>', "as Meta's document shows it, or of a version of Embedded Signup")
        .choices(['document', 'v2', 'v4'])
        .default('v2'),
    )
    .option(
      '--config-id <id>',
      'of your Facebook Login for Business configuration; META_CONFIG_ID by default',
    )
    .option('--customer-id <id>', 'who will see it: their reserved number is offered, too')
    .option('--include-unverified', 'offer numbers that need a code which only you receive, too')
    .addOption(jsonOption())
    .action(async (named: string[], options: Options) => {
      const chosen = await signupOptions(options);
      const signup = await withPool('preverified signup-config', (pool) => pool.signupConfig(named, chosen));
      printJson(options.json ? signup : signup.config);
      for (const { number, reason } of signup.leftOut) note(`${number} was left out: ${reason}`);
      if (signup.leftOut.length > 0) throw new Failed('Not all numbers are offered.');
    });
}

async function signupOptions(options: Options): Promise<SignupOptions> {
  const { shape, configId, customerId, includeUnverified } = options;
  const offer = {
    ...(customerId !== undefined && { customerId }),
    ...(includeUnverified && { includeUnverified }),
  };
  if (shape === 'document') return { version: shape, ...offer };
  const { readSettings } = await import('../settings');
  const id = configId ?? readSettings(['signup']).signup.configId;
  return { version: shape, configId: id, ...offer };
}
