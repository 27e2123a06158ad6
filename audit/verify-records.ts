import type { LoadedDataConverter } from '@temporalio/common';
import { verifyChain, type Records, type Verified, type VerifyOptions } from '../records';
import { replayKept } from './kept-run';

/** Checks every entry, hash and signature of the records, and plays every history through its chart again. */
export const verifyRecords = (
  records: Records,
  converter: LoadedDataConverter,
  options: Omit<VerifyOptions, 'replay'>,
): Promise<Verified> =>
  verifyChain(records, { ...options, replay: (entry, stored) => replayKept(entry, stored, converter) });
