import {
  ApplicationFailure,
  DefaultFailureConverter,
  type PayloadConverter,
  type ProtoFailure,
} from '@temporalio/common';
import type { MessageRejection } from '../contract/message-rejection';
import { UnreadableError } from './workflow-payloads';

/**
 * Whose words are ours alone, for people, and hold no secret. The others may repeat what Meta said, which stays encrypted.
 */
const inClear: ReadonlySet<string> = new Set<MessageRejection['type']>([
  'InvalidMessage',
  'WrongState',
  'TooEarlyToReverify',
  'Reserved',
  'AlreadyClaimed',
  'WrongCode',
  'CodeExpired',
  'NotInPool',
  'ReservationEnded',
  'StillUnderWay',
  'NotLeft',
  'WrongBusiness',
]);

const clear = new DefaultFailureConverter({ encodeCommonAttributes: false });

/**
 * Puts messages and stacks of failures into payloads, where the codec encrypts them. In clear remain the words of a
 * rejection of these types, which the UI shows to whoever sent the message, and the name of a key that a worker lacks.
 * Loaded by its path, by workers and clients and into the workflow bundle alike.
 */
class FailureConverter extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(error: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    const isRejection =
      error instanceof ApplicationFailure && error.cause === undefined && inClear.has(error.type ?? '');
    if (!isRejection && !(error instanceof UnreadableError))
      return super.errorToFailure(error, payloadConverter);
    return { ...clear.errorToFailure(error, payloadConverter), stackTrace: '' };
  }
}

export const failureConverter = new FailureConverter();
