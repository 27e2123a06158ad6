import type { Holding } from './holding';
import type { Registration } from './pin-reading';
import type { WebhookEvent } from './webhook-events';

export interface KeepInput {
  /** Signs the head of the chain at the end, though a day has not passed since it was signed last. */
  checkpoint?: boolean;
}

/** How far a search for closed runs has come: plain JSON, which each run of `keepRecords` passes to the next. */
export interface KeepProgress {
  /** Epoch milliseconds. */
  startedAt: number;
  /** The runs that closed in this time are looked for; `null` before the first page. Epoch milliseconds. */
  window: { from: number; until: number } | null;
  /** Cursor of the next page, `null` for the first one. */
  after: string | null;
  /** Closed runs that were found. */
  found: number;
  /** Those of them that were new to the records. */
  kept: number;
  /** Runs that Temporal deleted before they were in the records: their IDs, as many as fit. */
  lost: string[];
  /** New runs whose history does not agree with the chart. */
  disagreeing: number;
}

/** Work on records, for a worker of the numbers' task queue. */
export interface RecordsActivities {
  /**
   * Finds a page of closed runs and puts those that are new at the end of the chain. Safe to repeat. With the last page
   * the records are complete up to the window's end, and the head is signed where that is due:
   * `events` says so to endpoints.
   */
  keepPage(
    input: KeepInput & { progress: KeepProgress },
  ): Promise<{ progress: KeepProgress; done: boolean; events: WebhookEvent[] }>;
  /** Who had the number when, oldest first: from records, and for what lives from Temporal. */
  readHoldings(input: { phoneNumber: string }): Promise<Holding[]>;
  /**
   * The number's last life that ended as Registered, from records alone; `null` where they know none. Its PIN comes only
   * where it is asked for.
   *
   * @throws `Unreadable` where the worker lacks the key that it is sealed with
   */
  readRegistration(input: { phoneNumber: string; withPin: boolean }): Promise<Registration | null>;
}
