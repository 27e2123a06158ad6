import { needs, readSettings, SettingsError, type SectionName, type Settings } from '../../settings';
import { environment, type Environment } from '../../settings/environment';
import { check, type Check } from './check';
import { checkEndpoints } from './endpoints';
import { checkGraph } from './graph';
import { checkPermissions } from './permissions';
import { examineRecords } from './records';
import { examineTemporal } from './temporal';

export type { Check };

/**
 * Looks over everything that a worker and its operators need, and changes nothing. Each check comes as it is done.
 *
 * @example for await (const { name, outcome } of examine()) console.log(name, outcome);
 */
export async function* examine(env: Environment = environment()): AsyncGenerator<Check, void, undefined> {
  yield await check('Node.js', () => process.versions.node);
  yield await check('Settings', () => {
    readSettings([...needs.worker, 'pool'], env);
    return 'complete';
  });
  const forTemporal = ifValid(needs.client, env);
  yield await check('Payload keys', forTemporal && (() => checkKeys(forTemporal)));
  yield* examineTemporal(forTemporal);
  const forWorker = ifValid(['worker'], env);
  yield await check('Webhook endpoints', forWorker && (() => checkEndpoints(forWorker)));
  yield* examineRecords(ifValid(needs.records, env));
  const forGraph = ifValid(['graph', 'pool'], env);
  yield await check('Graph API', forGraph && (() => checkGraph(forGraph)));
  yield await check('Permissions', forGraph && (() => checkPermissions(forGraph)));
}

function checkKeys({ payloads: { keys } }: Settings<'payloads'>) {
  const [first, ...others] = keys.map(({ id }) => id);
  if (first === undefined) {
    return { detail: 'none: codes and PINs are written in clear', remedy: 'set PAYLOAD_KEYS in production' };
  }
  return `${first} encrypts${others.length > 0 ? `, ${others.join(', ')} can still decrypt` : ''}`;
}

/** `null` if they are not: the check of the settings has said so. */
function ifValid<const Names extends readonly SectionName[]>(names: Names, env: Environment) {
  try {
    return readSettings(names, env);
  } catch (error) {
    if (error instanceof SettingsError) return null;
    throw error;
  }
}
