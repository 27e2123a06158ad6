import { statSync } from 'node:fs';
import ms from 'ms';
import { connect } from '../../temporal/connect';
import {
  checkWritable,
  headOf,
  keptUntil,
  lastCheckpoint,
  lastVerification,
  openRecords,
  openRecordsToRead,
  type Records,
} from '../../records';
import { StartError } from '../../settings/start-error';
import type { Settings } from '../../settings';
import { retentionOf } from '../records/lateness';
import { KEPT_EVERY } from '../records/schedule';
import { check, type Check, type Finding } from './check';

type RecordsSettings = Settings<'records' | 'temporal' | 'payloads'>;

/** Where records are, whether they can be written, whether they keep up with Temporal, and when they were verified. */
export async function* examineRecords(
  settings: RecordsSettings | null,
): AsyncGenerator<Check, void, undefined> {
  const open: Records[] = [];
  try {
    const place = await check(
      'Records',
      settings &&
        (async () => {
          const records = await openRecordsToRead(settings);
          open.push(records);
          return checkPlace(records, settings);
        }),
    );
    yield place;
    const [records] = place.outcome === 'ok' ? open : [];
    yield await check('Records up to date', settings && records ? () => checkGap(records, settings) : null);
    yield await check('Records verified', records ? () => checkVerification(records) : null);
  } finally {
    for (const records of open) await records.close();
  }
}

async function checkPlace(records: Records, settings: RecordsSettings): Promise<Finding> {
  const writer = await openRecords(settings, { migrate: false });
  await checkWritable(writer).finally(() => writer.close());
  const { seq } = await records.use((db) => headOf(records, db));
  const { place, signingKeys } = settings.records;
  const size = place.kind === 'sqlite' ? `, ${(statSync(place.path).size / 1e6).toFixed(1)} MB` : '';
  const detail = `${String(seq)} entries at ${records.shown}${size}, and can be written`;
  if (signingKeys.some(({ privateKey }) => privateKey !== null)) return detail;
  return {
    detail,
    remedy:
      'set RECORDS_SIGNING_KEY for the worker ("preverified records key"), so that a cut-off end is found out',
  };
}

/** Runs that close behind a gap as long as the retention are lost: half of it leaves time to mend what holds the writer up. */
async function checkGap(records: Records, settings: RecordsSettings): Promise<Finding> {
  const { client, close } = await connect(settings);
  const retention = await retentionOf(client).finally(close);
  const until = await keptUntil(records);
  const gap = until === null ? KEPT_EVERY : Math.max(KEPT_EVERY, Date.now() - until);
  const told = `closed runs are deleted after ${ms(retention, { long: true })}`;
  if (until === null) return `nothing was kept yet: a worker does so every quarter of an hour; ${told}`;
  const detail = `complete up to ${new Date(until).toISOString()}; ${told}`;
  if (gap * 2 <= retention) return detail;
  throw new StartError(
    `${detail}: the records are ${ms(gap, { long: true })} behind`,
    'look in the Temporal UI what holds the workflow up that keeps records, and run "preverified records keep"; a longer retention of the namespace leaves more time',
  );
}

async function checkVerification(records: Records): Promise<Finding> {
  const last = await lastVerification(records);
  const signed = await lastCheckpoint(records);
  const checkpoint =
    signed === null ? 'no checkpoint yet' : `last checkpoint ${new Date(signed.at).toISOString()}`;
  const advice = 'run "preverified records verify", for example once a week';
  if (!last) return { detail: `never; ${checkpoint}`, remedy: advice };
  const detail = `${last.at}, ${String(last.entries)} entries, ${String(last.faults)} faults; ${checkpoint}`;
  if (last.faults > 0) throw new StartError(detail, '"preverified records verify" names each fault');
  const old = Date.now() - Date.parse(last.at) > 31 * 24 * 60 * 60 * 1000;
  return old ? { detail, remedy: advice } : detail;
}
