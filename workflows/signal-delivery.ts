import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { patched, workflowInfo } from '@temporalio/workflow';
import { ALTERED, ENCRYPTED } from '../contract/payload-encodings';
import { altered, markOf, noJson, ofKey } from './interpreter/unreadable-payload';

/**
 * Signals that reach a life without the SDK's handlers. Those make nine promises for each signal and note the stack of
 * every one (https://github.com/temporalio/sdk-typescript/issues/1587): a few thousand signals in one workflow task take
 * longer than the five seconds that a worker gives a task in the sandbox. Node cuts the task off amid a promise and dies
 * ("async hook stack has become corrupted", https://github.com/nodejs/node/issues/38503).
 */

/** A signal as it came. */
export interface DeliveredSignal {
  signalName?: string | null;
  input?: Payload[] | null;
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
  receive?.(signalName ?? '', input?.[0] && read(input[0]));
}

/** What a payload says; an `UnreadablePayload` where the codec could not open it, or it is no JSON. */
function read(payload: Payload): unknown {
  const encoding = text(payload, 'encoding');
  if (encoding === ALTERED) return altered();
  const keyId = text(payload, 'encryption-key-id');
  if (keyId !== null && lacksKey(keyId, encoding === ENCRYPTED)) return ofKey(keyId);
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return noJson();
  }
}

const lacking = new Set<string>();

/**
 * Whether payloads of the key count as unreadable from here on. The first one is marked in the history: a replay must
 * decide alike, on a worker that has got the key meanwhile, too. The run soon goes on in another one, which may read them.
 *
 * @throws Error where this worker lacks a key that was there: the task waits for a worker that has it
 */
function lacksKey(keyId: string, closed: boolean): boolean {
  const mark = markOf(keyId);
  if (closed) {
    if (!patched(mark))
      throw new Error(`A signal is encrypted with the key ${keyId}: add it to PAYLOAD_KEYS`);
    lacking.add(keyId);
  } else if (!lacking.has(keyId) && workflowInfo().unsafe.isReplaying && patched(mark)) lacking.add(keyId);
  return lacking.has(keyId);
}

const utf8 = new TextDecoder();

function text({ metadata }: Payload, name: string): string | null {
  const bytes = metadata?.[name];
  return bytes ? utf8.decode(bytes) : null;
}
