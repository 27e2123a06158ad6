/** Stands for a message's payload that cannot be read. */
export class UnreadablePayload {
  constructor(readonly reason: string) {}
}

export const ofKey = (keyId: string) =>
  new UnreadablePayload(
    `it is encrypted with the key ${keyId}, which PAYLOAD_KEYS of the worker lacks: send it again with the pool's key`,
  );
export const altered = () =>
  new UnreadablePayload('it was altered, or encrypted with another key of the same name');
export const noJson = () => new UnreadablePayload('it is no JSON');

/** The patch that marks, in a run's history, that from there on payloads of a key count as unreadable. */
export const markOf = (keyId: string) => `unreadable key ${keyId}`;
