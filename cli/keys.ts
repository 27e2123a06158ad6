import type { Command } from 'commander';
import type { PoolKeys } from '../temporal/pool-keys';
import { confirmed, yesOption } from './confirm';
import { Failed } from './failed';
import { print, printJson, printTable, time } from './print';
import { jsonOption } from './with-pool';

interface Options {
  set?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function registerKeys(program: Command): void {
  program
    .command('keys')
    .description("the payload keys that the pool's workers know, and whether PAYLOAD_KEYS here fits them")
    .option(
      '--set',
      "make PAYLOAD_KEYS of this shell the pool's, in the place of what its workers have stated",
    )
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(keys);
}

async function keys({ set = false, yes = false, json = false }: Options): Promise<void> {
  const [{ connect }, { mismatch }, { onlyOf, readPoolKeys, statePoolKeys }, { needs, readSettings }] =
    await Promise.all([
      import('../temporal/connect'),
      import('../temporal/check-keys'),
      import('../temporal/pool-keys'),
      import('../settings'),
    ]);
  const settings = readSettings(needs.client);
  const { payloads, temporal } = settings;
  const { client, close } = await connect(settings);
  try {
    if (set) {
      const next = onlyOf(payloads.keys);
      const question = `The pool in the namespace ${temporal.namespace} is to be ${written(next)} from now on. Processes with other keys must be stopped first, and what was encrypted with a key that is not named here can be read by nobody then.`;
      if (!(await confirmed(question, yes))) throw new Failed('Nothing was changed.');
      await statePoolKeys(client, next, { by: 'preverified keys --set', instead: true });
    }
    const pool = await readPoolKeys(client);
    const fault = pool && mismatch(pool, payloads.keys);
    if (json) printJson({ pool, fits: fault === null, fault: fault?.what ?? null });
    else show(pool);
    if (fault)
      throw new Failed(`PAYLOAD_KEYS here does not fit: ${fault.what}. What to do: ${fault.clientsCure}.`);
  } finally {
    await close();
  }
}

function show(pool: PoolKeys | null): void {
  if (!pool) {
    print('No worker has stated any keys here yet: the first one that starts will.');
    return;
  }
  if (pool.keys.length > 0) {
    printTable(
      ['Key', 'Fingerprint', 'What for'],
      pool.keys.map(({ id, fingerprint, used }) => [
        id,
        fingerprint.slice(0, 16),
        id === pool.encryptsWith
          ? 'encrypts'
          : used
            ? 'histories are encrypted with it'
            : 'can be read, not used yet',
      ]),
    );
  }
  print(`The pool is ${written(pool)}, as ${pool.statedBy} stated on ${time(pool.statedAt)}.`);
}

const written = ({ encryptsWith, keys }: Pick<PoolKeys, 'encryptsWith' | 'keys'>) =>
  encryptsWith === null
    ? 'in clear'
    : `encrypted with the key ${encryptsWith}${
        keys.length > 1
          ? `, beside ${keys
              .filter(({ id }) => id !== encryptsWith)
              .map(({ id }) => id)
              .join(', ')}`
          : ''
      }`;
