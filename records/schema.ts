/** The tables, as TypeScript knows them. Times are ISO 8601 UTC texts: alike on both databases, and as they are hashed. */
export interface Tables {
  chains: ChainRow;
  entries: EntryRow;
  holdings: HoldingRow;
  releases: ReleaseRow;
  checkpoints: CheckpointRow;
  scans: ScanRow;
  verifications: VerificationRow;
  customer_tokens: CustomerTokenRow;
  token_events: TokenEventRow;
  signup_exchanges: SignupExchangeRow;
  signup_names: SignupNameRow;
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

/** Follows from the entries: a life that ended with a claim, or a customer who came back with the number. */
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
  /** Whose customer left; `null` where the number alone was given back. */
  waba_id: string | null;
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

/** A customer's business token; gone once it is destroyed. */
export interface CustomerTokenRow {
  namespace: string;
  waba_id: string;
  business_id: string | null;
  customer_id: string | null;
  /** Of PAYLOAD_KEYS, by which it is sealed. */
  key_id: string;
  sealed: Uint8Array;
  /** JSON list. */
  scopes: string;
  /** `null` for one that does not expire. */
  expires_at: string | null;
  kept_at: string;
  /** Since when Meta refuses it, `null` while it does not. */
  invalid_since: string | null;
  problem: string | null;
}

/** Who did what with a token. Append-only. */
export interface TokenEventRow {
  namespace: string;
  id: string;
  waba_id: string;
  what: 'kept' | 'read' | 'refused' | 'destroyed';
  by: string | null;
  at: string;
  detail: string | null;
}

/** A code that a signup brought, and what became of it; gone a while after all was done. */
export interface SignupExchangeRow {
  namespace: string;
  /** A keyed hash of the code. */
  id: string;
  session: string;
  customer_id: string;
  phone_number: string;
  at: string;
  /** With `sealed` the token, until it is kept under its WABA. */
  key_id: string | null;
  sealed: Uint8Array | null;
  /** JSON list of the WABAs that the popup's messages named. */
  named: string;
  /** JSON list of those that Meta says the customer granted, the newest first. */
  granted: string | null;
  /** JSON list of those that the token is kept for. */
  kept_for: string | null;
  /** When the customer's workflow heard of it. */
  signalled_at: string | null;
  /** Why there is no token, or why the next step has not been done yet. */
  problem: string | null;
  /** When the next step is to be tried; `null` where none is left. */
  next_try_at: string | null;
  tries: number;
}

/** A WABA that a message of a signup's popup named, maybe before its code came; gone a while after. */
export interface SignupNameRow {
  namespace: string;
  session: string;
  waba_id: string;
  at: string;
}
