/** What a worker registers. */
export { numberLifecycle } from './lifecycle/number-lifecycle';
export { pinReading } from './pin-reading';
