import type { LoadedDataConverter } from '@temporalio/common';
import { pinIn } from '../client/pool/registration';
import type { NumberRecord } from '../contract/number-record';
import type { PinReading, PinSet, Registration } from '../contract/pin-reading';
import type { RecordsActivities } from '../contract/records-activities';
import { pinReadingIdOf, pinSettingIdOf, workflowIdOf } from '../contract/workflow-ids';
import { keptRuns, keptRunsOf, type KeptRun, type Records } from '../records';
import { decodeFromPayloadsAtIndex } from '../temporal/sdk-internals';
import { eventsOf, keptRecord } from './kept-run';

/**
 * The last life of a number that ended as Registered, from records alone, and who read or set its PIN since.
 *
 * @throws {DecryptionError} where the reader lacks the key that it is sealed with
 */
export async function keptRegistration(
  records: Records,
  converter: LoadedDataConverter,
  { phoneNumber, withPin }: Parameters<RecordsActivities['readRegistration']>[0],
): Promise<Registration | null> {
  const life = await registeredLife(records, converter, phoneNumber);
  if (!life) return null;
  const { digits, last, record, registeredAt, setting } = life;
  const { firstRunId } = last.entry;
  const [reading] = await keptRuns(records, [pinReadingIdOf(digits, firstRunId)]);
  return {
    phoneNumber: digits,
    firstRunId,
    registeredAt,
    phoneNumberId: record?.claim?.phoneNumberId ?? null,
    wabaId: record?.claim?.wabaId ?? null,
    pin: withPin ? await registeredPin(life, converter) : null,
    read: reading ? await byWhom(reading, converter) : null,
    set: setting ? await byWhom(setting, converter) : null,
  };
}

/**
 * The PIN that a registered number has, from records alone: the one that was set last, else the one of its registration.
 *
 * @returns `null` where records know of no registration, or of a later claim; `pin` is `null` where it is not ours
 * @throws {DecryptionError} where the reader lacks the key that it is sealed with
 */
export async function keptPin(
  records: Records,
  converter: LoadedDataConverter,
  phoneNumber: string,
): Promise<{ phoneNumber: string; registeredAt: string; pin: string | null } | null> {
  const life = await registeredLife(records, converter, phoneNumber);
  // Whoever claimed it since has another number at Meta, with another PIN.
  if (!life || life.claimedSince) return null;
  const { digits, registeredAt, setting } = life;
  const pin = await (setting ? pinSetBy(setting, converter) : registeredPin(life, converter));
  return { phoneNumber: digits, registeredAt, pin };
}

/** What records have of a number's last life that ended as Registered. */
interface RegisteredLife {
  digits: string;
  last: KeptRun;
  record: NumberRecord | null;
  registeredAt: string;
  /** The last run since that set another PIN. */
  setting: KeptRun | undefined;
  claimedSince: boolean;
}

async function registeredLife(
  records: Records,
  converter: LoadedDataConverter,
  phoneNumber: string,
): Promise<RegisteredLife | null> {
  const runs = await keptRunsOf(records, phoneNumber);
  const last = runs.findLast(({ entry }) => entry.facts?.state === 'Registered');
  if (!last) return null;
  const digits = last.entry.workflowId.slice(workflowIdOf('').length);
  // A number's run, as its ID says.
  const record = ((await keptRecord(last.record, converter))?.record ?? null) as NumberRecord | null;
  // A record that could not be read when it was kept says nothing.
  const registeredAt = record?.registeredAt ?? last.entry.startedAt;
  const setting = (await keptRuns(records, [pinSettingIdOf(digits)])).findLast(
    ({ entry }) => entry.status === 'COMPLETED' && entry.startedAt >= registeredAt,
  );
  const claimed = runs.findLast(({ entry }) => entry.facts?.claim);
  return {
    digits,
    last,
    record,
    registeredAt,
    setting,
    claimedSince: claimed?.entry.facts?.state !== 'Registered',
  };
}

const registeredPin = async ({ last, record }: RegisteredLife, converter: LoadedDataConverter) =>
  record?.pinOurs === false ? null : pinIn(eventsOf(last.history), converter);

async function pinSetBy({ history }: KeptRun, converter: LoadedDataConverter): Promise<string> {
  const { result } = eventsOf(history).at(-1)?.workflowExecutionCompletedEventAttributes ?? {};
  return (await decodeFromPayloadsAtIndex<PinSet>(converter, 0, result?.payloads)).pin;
}

/** Both workflows are told in whose name they are begun. */
async function byWhom({ entry, history }: KeptRun, converter: LoadedDataConverter): Promise<PinReading> {
  const { input } = eventsOf(history)[0]?.workflowExecutionStartedEventAttributes ?? {};
  const { by } = await decodeFromPayloadsAtIndex<Pick<PinReading, 'by'>>(converter, 0, input?.payloads);
  return { by, at: entry.startedAt };
}
