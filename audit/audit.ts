import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { dataConverter } from '../temporal/data-converter';
import { readingClient } from '../temporal/reading-client';
import { historyFromJSON, loadDataConverter } from '../temporal/sdk-internals';
import type { Settings } from '../settings';
import type { Records } from '../records';
import { auditRun, damagedRun, type AuditedRun } from './audited-run';
import type { Fact } from './recorded';
import { runsOf, type FoundRun } from './runs-of';
import { meant, numberMeant, type Meant } from './subject';

/** What the history of a number or customer says, and whether the chart agrees with it. */
export interface Audit {
  /** Runs in the order in which they followed each other by continue-as-new. */
  runs: AuditedRun[];
  /**
   * How it ends: with the life, or in another run that is not here; `open` where the life goes on, `unknown` for a file that
   * ends in mid-life: its life may go on, or events were cut off. `cutOff`: the life has ended, its history does not say so.
   */
  end: 'ended' | 'continued' | 'open' | 'unknown' | 'cutOff';
  /** `true`: every run was followed by the chart to its end and agrees with it, and nothing was cut off. */
  agrees: boolean;
}

/** One life: a number's from its adding, a customer's from their signup, to its end. */
export interface LifeAudit extends Audit {
  /** Who added or began it; `null` where nobody was named, or the reader cannot see who. */
  addedBy: string | null;
  /** ISO 8601, UTC. */
  begunAt: string;
  /** `null` while it goes on. */
  endedAt: string | null;
}

/**
 * Audits a number from the histories that Temporal and the records have, run by run; from Temporal alone only its newest
 * life. The client's converter should leave payloads of unknown keys as they are.
 *
 * @throws {RefusedError} `InvalidMessage`, or `UnknownNumber` where neither has a history of it
 */
export async function auditNumber(
  client: Client,
  number: string,
  records: Records | null = null,
): Promise<Audit> {
  const { found, running } = await findRuns(client, await numberMeant(client, number), records);
  return verdict(await auditAll(found, readingClient(client).options.loadedDataConverter), running);
}

/**
 * All lives of a number or customer that Temporal and the records have, the oldest one first: a number that has left the
 * pool can be added again, and a customer who has left can come back.
 *
 * @param whose a number as people write it, or the ID of a customer's WABA
 * @throws {RefusedError} `InvalidMessage` for what is neither; `UnknownNumber` where neither has a history
 */
export async function auditLives(
  client: Client,
  whose: string,
  records: Records | null = null,
): Promise<LifeAudit[]> {
  const { found, running } = await findRuns(client, await meant(client, whose), records, true);
  const audited = await auditAll(found, readingClient(client).options.loadedDataConverter);
  const lives = [...new Set(found.map(({ firstRunId }) => firstRunId))];
  return lives.map((first, index) => {
    const runs = audited.filter((_, place) => found[place]?.firstRunId === first);
    return lifeOf(verdict(runs, running && index === lives.length - 1));
  });
}

/** The runs of the first of those whom a text may mean that has any; `running` says whether the newest goes on. */
async function findRuns(
  client: Client,
  { subjects, unknown }: Meant,
  records: Records | null,
  all?: boolean,
): Promise<{ found: FoundRun[]; running: boolean }> {
  for (const subject of subjects) {
    // Before its history, which may end meanwhile.
    const newest = await subject.newest(client);
    const found = await runsOf(client, subject, newest, records, all);
    if (found.length > 0) return { found, running: newest?.running ?? false };
  }
  throw unknown;
}

function lifeOf(audit: Audit): LifeAudit {
  const rows = audit.runs.flatMap((run) => run.rows);
  const [started] = rows;
  return {
    ...audit,
    addedBy:
      started === undefined || ['client', 'records', audit.runs[0]?.kind].includes(started.who)
        ? null
        : started.who,
    begunAt: started?.at ?? '',
    endedAt: audit.end === 'ended' ? (rows.at(-1)?.at ?? null) : null,
  };
}

/** A run that another one of the same life should follow or precede, and that neither has, is a gap in what is known. */
async function auditAll(found: readonly FoundRun[], converter: LoadedDataConverter): Promise<AuditedRun[]> {
  const runs: AuditedRun[] = [];
  const known = new Set(found.map(({ runId }) => runId));
  for (const { runId, source, events, damaged } of found) {
    const audited = damaged ? damagedRun(damaged) : { ...(await auditRun(runId, events, converter)), source };
    const { continuedExecutionRunId: before } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
    const after = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    for (const missing of [before, after]) {
      if (!missing || known.has(missing)) continue;
      const what = `run ${missing}, which ${missing === before ? 'came before' : 'followed'}, is neither in Temporal nor in the records`;
      audited.findings.push({ eventId: missing === before ? 1 : events.length, what });
    }
    runs.push(audited);
  }
  return runs;
}

/** Decodes what the settings hold keys for, and leaves the rest. */
export const readingConverter = (settings: Settings<'payloads'>): LoadedDataConverter =>
  loadDataConverter(dataConverter(settings, { unknownKey: 'leave' }));

/** Audits one exported history, as the Temporal CLI and UI write it. @throws Error where it is none */
export async function auditExported(json: string, converter: LoadedDataConverter): Promise<Audit> {
  const { events } = historyFromJSON(JSON.parse(json));
  const runId = events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
  return verdict([await auditRun(runId, events ?? [], converter)], null);
}

/** @param running whether Temporal says that the last run goes on; `null` where only a file is there */
function verdict(runs: AuditedRun[], running: boolean | null): Audit {
  const end = endOf(runs.at(-1)?.end ?? 'started', running);
  const agree = runs.every(({ findings, unreadable }) => findings.length === 0 && unreadable === null);
  return { runs, end, agrees: runs.length > 0 && agree && end !== 'cutOff' };
}

function endOf(last: Fact['kind'], running: boolean | null): Audit['end'] {
  if (last === 'completed' || last === 'failed' || last === 'ended') return 'ended';
  if (last === 'continued') return 'continued';
  return running === null ? 'unknown' : running ? 'open' : 'cutOff';
}
