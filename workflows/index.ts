/** What a worker registers. */
export { numberLifecycle } from './lifecycle/number-lifecycle';
