import { pauses, kills } from './havoc';
import { killAtAwaitPoints } from './kill-at-await-points';
import { clocks, messages } from './messages';
import { killInRecordsOnPostgres, killInRecordsOnSqlite } from './kill-in-records';
import { onPostgres } from './on-postgres';
import { killInReconciliation } from './kill-in-reconciliation';
import type { Scenario } from './scenario';

/** What `npm run test:chaos` does, in this order. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'await-points': killAtAwaitPoints,
  kills,
  pauses,
  reconciliation: killInReconciliation,
  messages,
  'clock-fast': clocks(2),
  'clock-slow': clocks(-2),
  postgres: onPostgres,
  'records-postgres': killInRecordsOnPostgres,
  'records-sqlite': killInRecordsOnSqlite,
};
