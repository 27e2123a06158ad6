export interface PinReading {
  /** The human or service that read it. */
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}
