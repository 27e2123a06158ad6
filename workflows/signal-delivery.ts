import { arrayFromPayloads, defaultPayloadConverter, type Payload } from '@temporalio/common';

/**
 * Signals that reach a life without the SDK's handlers. Those make nine promises for each signal and note the stack of
 * every one: a few thousand signals in one workflow task take longer than the five seconds that a worker gives a task in
 * the sandbox, which cuts the task off amid a promise and kills the process ("async hook stack has become corrupted").
 */

/** A signal as it came. */
export interface DeliveredSignal {
  signalName?: string | null;
  input?: Payload[] | null;
}

/** Stands for a payload that cannot be read. */
export class UnreadablePayload {
  constructor(readonly reason: string) {}
}

let receive: ((name: string, payload: unknown) => void) | null = null;

/** Has this run's signals handed over at once, in their order among updates, with their first argument. */
export function receiveSignals(by: (name: string, payload: unknown) => void): void {
  receive = by;
}

/** For the interceptor: whether this run receives signals so. */
export const receivesSignals = () => receive !== null;

/** For the interceptor. */
export function deliver({ signalName, input }: DeliveredSignal): void {
  receive?.(signalName ?? '', read(input));
}

function read(input: Payload[] | null | undefined): unknown {
  try {
    return arrayFromPayloads(defaultPayloadConverter, input)[0];
  } catch {
    return new UnreadablePayload('it is no JSON');
  }
}
