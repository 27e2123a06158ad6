import { StartError } from '../settings/start-error';

/** Records cannot be opened, read or written: says where they are, why, and what to do. Nothing was lost: runs wait in Temporal. */
export class RecordsError extends StartError {
  override readonly name: string = 'RecordsError';
}

/** A token is there, and cannot be opened: its key is missing, or it was altered. Another try opens it no better. */
export class SealedTokenError extends RecordsError {
  override readonly name = 'SealedTokenError';
}

const remedies: readonly [test: RegExp, fault: string, remedy: string][] = [
  [
    /SQLITE_FULL|database or disk is full|ENOSPC|No space left|53100/i,
    'have no room: the disk is full',
    'make room',
  ],
  [
    /SQLITE_BUSY|SQLITE_LOCKED|database is locked/i,
    'are locked by another process',
    'end what holds the file open in a transaction, such as an open sqlite3 shell',
  ],
  [
    /SQLITE_READONLY|readonly database|read-only|EROFS|EACCES|25006|42501|permission denied/i,
    'cannot be written',
    'let this user write there',
  ],
  [
    /SQLITE_NOTADB|SQLITE_CORRUPT|malformed|not a database/i,
    'are damaged',
    'restore a backup: docs/records.md says how',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET|EAI_AGAIN|57P0|Connection terminated|is not queryable|timeout exceeded|08\d{3}/i,
    'cannot be reached',
    'start PostgreSQL there, or set RECORDS_URL to where it runs',
  ],
  [
    /Query read timeout/,
    'do not answer',
    'look what PostgreSQL waits for there: locks, its disk, or the network',
  ],
  [
    /28P01|28000|3D000|password authentication/i,
    'refuse the credentials',
    'check user, password and database in RECORDS_URL',
  ],
];

/** What the database's driver threw, in words for people; another fault than the database's comes back as it is. */
export function readableError(error: unknown, shown: string): unknown {
  if (error instanceof StartError || !(error instanceof Error)) return error;
  const { code = '', message } = error as Error & { code?: string };
  const known = remedies.find(([test]) => test.test(`${code} ${message}`));
  if (!known && !/^SQLITE_|^[0-9A-Z]{5}$/.test(code) && !/ConnectionFailed/.test(message)) return error;
  const [, fault, remedy] = known ?? [null, `cannot be used (${message})`, 'check RECORDS_URL'];
  return new RecordsError(`The records at ${shown} ${fault}`, remedy, { cause: error });
}
