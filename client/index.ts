/** What services import. */
export { NumberPool, type PoolOptions, type SendSignals } from './number-pool';
export type { AddedNumber, AddOptions } from './pool/add';
export type { NumberFilter } from './pool/filter';
export type { ListedNumber } from './pool/list';
export { RefusedError, type RefusalType } from './pool/refused-error';
export { TimedOutError } from './pool/timed-out-error';
export type { MessageName, MessagePayload } from '../workflows/messages';
export type { Instant, NumberRecord, NumberState, Problem, Transition } from '../workflows/record';
