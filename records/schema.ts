/** The tables, as TypeScript knows them. Times are ISO 8601 UTC texts: alike on both databases, and as they are hashed. */
export interface Tables {
  chains: ChainRow;
  entries: EntryRow;
  holdings: HoldingRow;
  releases: ReleaseRow;
  checkpoints: CheckpointRow;
  scans: ScanRow;
  verifications: VerificationRow;
}

/** The chain of a namespace; made once. */
export interface ChainRow {
  namespace: string;
  /** A UUID: other records have another one, whatever their namespace is called. */
  id: string;
}

export interface EntryRow {
  namespace: string;
  seq: number;
  /** SHA-256 of `header`, in hex. */
  hash: string;
  prev: string;
  /** JSON as it was hashed: docs/records.md has its format. */
  header: string;
  /** `null` for an entry that is no run. */
  run_id: string | null;
  workflow_id: string | null;
  started_at: string | null;
  /** Temporal's protobuf `History`, gzipped. */
  history: Uint8Array | null;
  /** Temporal's protobuf `Payload` of what the audit made of the history: encrypted where there are PAYLOAD_KEYS. */
  record: Uint8Array | null;
}

/** Follows from the entries: a life that ended with a claim. */
export interface HoldingRow {
  namespace: string;
  seq: number;
  phone_number: string;
  waba_id: string;
  phone_number_id: string | null;
  customer_id: string | null;
  since: string;
  state: string;
  source: string;
}

/** Follows from the entries: a customer has given a number back. */
export interface ReleaseRow {
  namespace: string;
  seq: number;
  phone_number: string;
  at: string;
}

export interface CheckpointRow {
  namespace: string;
  seq: number;
  at: string;
  /** JSON as it was signed. */
  body: string;
  key_id: string;
  /** Base64 of 64 bytes. */
  signature: string;
}

/** A search for closed runs that came to its end: the next one begins where the latest of these ended. */
export interface ScanRow {
  namespace: string;
  id: string;
  at: string;
  until: string;
}

export interface VerificationRow {
  namespace: string;
  id: string;
  at: string;
  entries: number;
  faults: number;
}
