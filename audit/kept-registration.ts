import type { LoadedDataConverter } from '@temporalio/common';
import { pinIn } from '../client/pool/registration';
import type { NumberRecord } from '../contract/number-record';
import type { PinReading, PinSet, Registration } from '../contract/pin-reading';
import type { RecordsActivities } from '../contract/records-activities';
import { writtenForms } from '../contract/phone-number';
import { digitsIn, pinReadingIdOf, pinSettingIdOf, workflowIdOf } from '../contract/workflow-ids';
import { DecryptionError } from '../temporal/encryption-codec';
import { keptRuns, unreadableEntry, type KeptRun as KeptRunOf, type Records } from '../records';
import { decodeFromPayloadsAtIndex } from '../temporal/sdk-internals';
import { eventsOf, keptRecord, type KeptRecord } from './kept-run';

type KeptRun = KeptRunOf<ReturnType<typeof eventsOf>>;

/** What was asked for stands, or may stand, in an entry of the records that cannot be read. */
export class DamagedEntryError extends Error {
  override readonly name = 'DamagedEntryError';
}

/**
 * Runs of these workflows, the oldest first.
 *
 * @param sinceIn of an entry before that nothing is asked
 * @throws {DamagedEntryError} where one that may be asked for cannot be read
 */
async function runsIn(
  records: Records,
  workflowIds: readonly string[],
  sinceIn: (runs: readonly KeptRun[]) => string = () => '',
): Promise<KeptRun[]> {
  const { runs, damaged } = await keptRuns(records, workflowIds, eventsOf);
  const since = sinceIn(runs);
  const asked = damaged.findLast(({ startedAt }) => startedAt >= since);
  if (asked) throw new DamagedEntryError(asked.what);
  return runs;
}

/**
 * The last life of a number that ended as Registered, from records alone, and who read or set its PIN since.
 *
 * @throws {DecryptionError} where the reader lacks the key that it is sealed with
 * @throws {DamagedEntryError}
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
  const [reading] = await runsIn(records, [pinReadingIdOf(digits, firstRunId)]);
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
 * @throws {DamagedEntryError}
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
  const registered = (kept: readonly KeptRun[]) =>
    kept.findLast(({ entry }) => entry.facts?.state === 'Registered');
  const runs = await runsIn(
    records,
    writtenForms(phoneNumber).map(workflowIdOf),
    (kept) => registered(kept)?.entry.startedAt ?? '',
  );
  const last = registered(runs);
  if (!last) return null;
  const digits = digitsIn(last.entry.workflowId);
  // A number's run, as its ID says.
  const record = ((await recordOf(last, converter))?.record ?? null) as NumberRecord | null;
  // A record that could not be read when it was kept says nothing.
  const registeredAt = record?.registeredAt ?? last.entry.startedAt;
  const settings = await runsIn(records, [pinSettingIdOf(digits)], () => registeredAt);
  const setting = settings.findLast(
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
  record?.pinOurs === false ? null : pinIn(last.events, converter);

async function recordOf(
  { seq, record }: KeptRun,
  converter: LoadedDataConverter,
): Promise<KeptRecord | null> {
  try {
    return await keptRecord(record, converter);
  } catch (error) {
    if (error instanceof DecryptionError) throw error;
    throw new DamagedEntryError(unreadableEntry(seq, `its record is none (${String(error)})`));
  }
}

async function pinSetBy({ events }: KeptRun, converter: LoadedDataConverter): Promise<string> {
  const { result } = events.at(-1)?.workflowExecutionCompletedEventAttributes ?? {};
  return (await decodeFromPayloadsAtIndex<PinSet>(converter, 0, result?.payloads)).pin;
}

/** Both workflows are told in whose name they are begun. */
async function byWhom({ entry, events }: KeptRun, converter: LoadedDataConverter): Promise<PinReading> {
  const { input } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
  const { by } = await decodeFromPayloadsAtIndex<Pick<PinReading, 'by'>>(converter, 0, input?.payloads);
  return { by, at: entry.startedAt };
}
