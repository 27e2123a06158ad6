import type { Client } from '@temporalio/client';
import { decodeFromPayloadsAtIndex } from '../temporal/sdk-internals';
import type { NumberRecord } from '../contract/number-record';
import type { PinReading } from '../contract/pin-reading';
import { pinReadingIdOf } from '../contract/workflow-ids';
import { checkedBy } from '../client/pool/by';
import { notOurs, pinIn, pinRead, recordReading } from '../client/pool/pin';
import { notRunning } from '../client/pool/run';
import { keptRuns, keptRunsOf, type Records } from '../records';
import { eventsOf, keptRecord } from './kept-run';

/**
 * The PIN of a number whose life Temporal has forgotten, shown once to each life as {@link NumberPool.readPin} shows it.
 *
 * @param digits as people write the number, without `+` and separators
 * @throws {RefusedError} `PinRead` with who read it and when, `WrongState` where we set no PIN, `UnknownNumber`
 */
export async function readKeptPin(
  client: Client,
  records: Records,
  digits: string,
  by: string,
): Promise<string> {
  checkedBy(by, digits);
  const converter = client.options.loadedDataConverter;
  const runs = await keptRunsOf(records, digits);
  const last = runs.findLast(({ entry }) => entry.facts?.state === 'Registered');
  if (!last) throw notRunning(digits, null);
  const { firstRunId, workflowId } = last.entry;
  const life = { digits: workflowId.slice('number:'.length), firstRunId };
  const kept = await keptRecord(last.record, converter);
  const record = kept?.record as NumberRecord | null | undefined;
  const pin = record?.pinOurs === false ? null : await pinIn(eventsOf(last.history), converter);
  if (pin === null) throw notOurs(digits);
  const [reading] = await keptRuns(records, [pinReadingIdOf(life.digits, firstRunId)]);
  if (reading) {
    const { input } = eventsOf(reading.history)[0]?.workflowExecutionStartedEventAttributes ?? {};
    const reader = await decodeFromPayloadsAtIndex<Pick<PinReading, 'by'>>(converter, 0, input?.payloads);
    throw pinRead(digits, reader.by, reading.entry.startedAt);
  }
  await recordReading(client, life, by);
  return pin;
}
