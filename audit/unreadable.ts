import { Sealed } from '../temporal/sealed';

/** Thrown where the chart cannot be followed any further: the reader lacks a key, or the history makes no sense. */
export class Unreadable extends Error {
  /** @param lacksKey ID of the key that the reader lacks, where that is why */
  constructor(
    message: string,
    readonly lacksKey: string | null = null,
  ) {
    super(message);
  }
}

/** @throws {Unreadable} where a value is encrypted with a key that the reader lacks */
export function opened<Value>(value: Value): Exclude<Value, Sealed> {
  if (value instanceof Sealed)
    throw new Unreadable(
      `it is encrypted with the key ${value.keyId}, which PAYLOAD_KEYS lacks, or has another of that name`,
      value.keyId,
    );
  return value as Exclude<Value, Sealed>;
}
