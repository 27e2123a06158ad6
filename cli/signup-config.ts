import { Option, type Command } from 'commander';
import type { SignupOptions } from '../client/index';
import { signupVersions } from '../client/signup/signup-config';
import { Failed } from './failed';
import { note, printJson } from './print';
import { jsonOption, withPool } from './with-pool';

interface Options {
  shape: (typeof signupVersions)[number];
  configId?: string;
  preVerifiedPhone: boolean;
  featureType?: string;
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
      new Option(
        '--shape <version>',
        "of Embedded Signup; v2, and document as Meta's document on pre-verified numbers shows it, are deprecated",
      )
        .choices(signupVersions)
        .default('v4'),
    )
    .option(
      '--config-id <id>',
      'of your Facebook Login for Business configuration; META_CONFIG_ID by default',
    )
    .option('--no-pre-verified-phone', 'v4: offer the numbers outside of the popup')
    .option('--feature-type <type>', "v4: extras.featureType, as Meta's builder offers it")
    .option('--customer-id <id>', 'who will see it: their reserved number is offered, too')
    .option('--include-unverified', 'offer numbers that need a code which only you receive, too')
    .addOption(jsonOption())
    .action(async (named: string[], options: Options) => {
      const chosen = await optionsOf(options);
      const signup = await withPool('preverified signup-config', (pool) => pool.signupConfig(named, chosen));
      printJson(options.json ? signup : signup.config);
      if (signup.notice !== null) note(signup.notice);
      for (const { number, reason } of signup.leftOut) note(`${number} was left out: ${reason}`);
      if (signup.leftOut.length > 0) throw new Failed('Not all numbers are offered.');
    });
}

async function optionsOf(options: Options): Promise<SignupOptions> {
  const { shape, configId, preVerifiedPhone, featureType, customerId, includeUnverified } = options;
  if (shape !== 'v4' && (!preVerifiedPhone || featureType !== undefined)) {
    throw new Failed(`--no-pre-verified-phone and --feature-type are for v4, not for ${shape}.`);
  }
  const offer = {
    ...(customerId !== undefined && { customerId }),
    ...(includeUnverified && { includeUnverified }),
  };
  if (shape === 'document') return { version: shape, ...offer };
  const id = configId ?? (await import('../settings')).readSettings(['signup']).signup.configId;
  if (shape === 'v2') return { version: shape, configId: id, ...offer };
  const extras = { preVerifiedPhone, ...(featureType !== undefined && { featureType }) };
  return { version: shape, configId: id, ...extras, ...offer };
}
