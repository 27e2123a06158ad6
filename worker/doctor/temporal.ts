import { mismatch } from '../../temporal/check-keys';
import { connect, type Connected } from '../../temporal/connect';
import { checkNamespace, checkSearchAttributes } from '../../temporal/namespace';
import { readPoolKeys } from '../../temporal/pool-keys';
import { countPollers } from '../../temporal/pollers';
import { StartError } from '../../settings/start-error';
import type { Settings } from '../../settings';
import { check, type Check, type Finding } from './check';

type TemporalSettings = Settings<'temporal' | 'payloads'>;
type Look = (connected: Connected, settings: TemporalSettings) => Promise<Finding>;

/** Each builds on the one before. */
const looks: Record<string, Look> = {
  Temporal: (_, { temporal }) => Promise.resolve(`answers at ${temporal.address}`),
  Namespace: async ({ connection }, settings) => {
    await checkNamespace(connection, settings);
    return `${settings.temporal.namespace} is there`;
  },
  'Search attributes': async ({ connection }, settings) =>
    (await checkSearchAttributes(connection, settings))
      ? 'all are there'
      : { detail: 'this server does not tell', remedy: 'look in its console whether they are there' },
  'Keys of the pool': async ({ client }, { payloads }) => {
    const pool = await readPoolKeys(client);
    if (!pool) return 'none stated yet: the first worker does so';
    const fault = mismatch(pool, payloads.keys);
    if (fault) throw new StartError(fault.what, fault.clientsCure);
    return pool.encryptsWith === null
      ? 'the pool is in clear, as this shell writes'
      : `the pool is encrypted with ${pool.encryptsWith}, and PAYLOAD_KEYS fits`;
  },
  Workers: async ({ client }) => {
    const queues = await countPollers(client);
    const idle = queues.filter(({ alive }) => alive.length === 0).map(({ taskQueue }) => taskQueue);
    if (idle.length > 0) {
      throw new StartError(
        `no worker waits for work on ${idle.join(' and ')}`,
        'start one with "preverified worker"',
      );
    }
    return queues.map(({ taskQueue, alive }) => `${String(alive.length)} on ${taskQueue}`).join(', ');
  },
};

export async function* examineTemporal(
  settings: TemporalSettings | null,
): AsyncGenerator<Check, void, undefined> {
  const connecting = settings === null ? null : connect(settings);
  try {
    let sound = settings !== null;
    for (const [name, look] of Object.entries(looks)) {
      const done = await check(
        name,
        sound && settings && connecting ? async () => look(await connecting, settings) : null,
      );
      sound &&= done.outcome === 'ok';
      yield done;
    }
  } finally {
    await connecting?.then(
      ({ close }) => close(),
      () => undefined,
    );
  }
}
