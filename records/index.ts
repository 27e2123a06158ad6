export {
  appendRelease,
  appendRuns,
  knownRuns,
  headOf,
  releaseAllOf,
  releaseHeld,
  returnTo,
  type ClosedRun,
} from './append';
export { readHeader, sha256, type EntryHeader, type RunEntry, type RunFacts } from './chain';
export {
  lastCheckpoint,
  readCheckpoints,
  signCheckpoint,
  type Checkpoint,
  type CheckpointBody,
} from './checkpoints';
export type { CustomerTokens, HeldToken, NewToken, TokenEvent } from './customer-tokens';
export {
  keptIds,
  keptRuns,
  opened,
  readEntries,
  unreadableEntry,
  type DamagedEntry,
  type KeptRun,
  type StoredEntry,
} from './entries';
export { findHoldings, heldBy, holderOf, type Subject } from './holdings';
export { openRecords, openRecordsToRead, type Records } from './records';
export { RecordsError, SealedTokenError } from './records-error';
export { checkWritable, endScan, keptUntil, lastVerification, noteVerification } from './scans';
export type { SignupExchange, SignupExchanges } from './signup-exchanges';
export { verifyChain, type Fault, type Replayed, type Verified, type VerifyOptions } from './verify';
