import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { Records } from '../../records';
import { findPostgres } from '../../stack/set-up/postgres';
import type { TestDatabase } from '../records/databases';

/** What stands somewhere: by the name of the place. */
export type Places = Map<string, string>;

/** All texts and bytes within, be it what the SDK or gRPC answers. */
function textIn(value: unknown): string {
  const found: string[] = [];
  const walk = (part: unknown): void => {
    if (typeof part === 'string') found.push(part);
    else if (part instanceof Uint8Array) found.push(Buffer.from(part).toString('latin1'));
    else if (Array.isArray(part)) part.forEach(walk);
    else if (part !== null && typeof part === 'object')
      for (const [name, child] of Object.entries(part)) {
        found.push(name);
        walk(child);
      }
  };
  walk(value);
  return found.join('\n');
}

function payloadsIn(value: unknown): Payload[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [];
  const own =
    'metadata' in value && 'data' in value && value.data instanceof Uint8Array ? [value as Payload] : [];
  return [...own, ...Object.values(value).flatMap(payloadsIn)];
}

/** With what the codec makes of its payloads. */
async function opened(client: Client, value: unknown): Promise<string> {
  const payloads = payloadsIn(value);
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  return textIn(codec ? await codec.decode(payloads) : payloads);
}

/**
 * What Temporal holds of a namespace, of every run and schedule: histories with failures and memos, search attributes and
 * what is under way. `raw` is as the server has it, `opened` what the keys open.
 */
export async function temporalPlaces(client: Client): Promise<{ raw: Places; opened: Places }> {
  const [raw, clear]: [Places, Places] = [new Map(), new Map()];
  const note = async (place: string, value: unknown) => {
    raw.set(place, textIn(value));
    clear.set(place, await opened(client, value));
  };
  for await (const { workflowId, runId, raw: listed } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    await note(`list: ${workflowId} ${runId}`, listed);
    await note(`description: ${workflowId} ${runId}`, (await handle.describe()).raw);
    await note(`history: ${workflowId} ${runId}`, await handle.fetchHistory());
  }
  for await (const { scheduleId } of client.schedule.list())
    await note(`schedule: ${scheduleId}`, (await client.schedule.getHandle(scheduleId).describe()).raw);
  return { raw, opened: clear };
}

/** The records' database as whoever steals it has it, and the histories that it keeps, unpacked. */
export async function recordsPlaces(records: Records, database: TestDatabase): Promise<Places> {
  const places: Places = new Map();
  if (database.file !== null) {
    const folder = path.dirname(database.file);
    for (const name of readdirSync(folder)) places.set(name, readFileSync(path.join(folder, name), 'latin1'));
  } else {
    const { stdout } = await promisify(execFile)(path.join(findPostgres()!, 'pg_dump'), [database.url], {
      maxBuffer: 2 ** 28,
    });
    places.set('dump', stdout);
    // Bytes stand there in hexadecimal.
    const bytes = [...stdout.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex!, 'hex'));
    places.set('bytes of the dump', bytes.map((each) => each.toString('latin1')).join('\n'));
  }
  const entries = await records.use((db) => db.selectFrom('entries').selectAll().execute());
  for (const { seq, history } of entries) {
    if (history === null) continue;
    const read = temporal.api.history.v1.History.decode(gunzipSync(history));
    places.set(`kept history ${String(seq)}`, textIn(read));
  }
  return places;
}

/** The arguments of every process of this machine. */
export function commandLines(): Places {
  const places: Places = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      places.set(`arguments of process ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      // It has ended.
    }
  }
  return places;
}

/** Where a secret stands, in clear or as it is written in addresses, in base64 or in hexadecimal. */
export function found(secrets: ReadonlyMap<string, string>, places: Places): string[] {
  const faults: string[] = [];
  for (const [secret, what] of secrets) {
    const patterns = /^\d{6}$/.test(secret)
      ? [new RegExp(`(?<![\\d.-])${secret.slice(0, 3)}[- ]?${secret.slice(3)}(?!\\d)`)]
      : [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), base64Of(secret)];
    for (const [place, text] of places)
      if (
        patterns.some((pattern) =>
          typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text),
        )
      )
        faults.push(`${what} in ${place}`);
  }
  return faults;
}

/** The part that is the same wherever the text begins at a byte that three divides. */
const base64Of = (secret: string) =>
  Buffer.from(secret.slice(0, secret.length - (secret.length % 3))).toString('base64');
