/** What a worker registers. */
export { numberLifecycle } from './lifecycle/number-lifecycle';
export { pinReading } from './pin-reading';
export { lookForClaims } from './reconcile/look-for-claims';
export { reconcileOnSchedule, reconcilePool } from './reconcile/reconcile-pool';
export { tell } from './telling/tell';
export { warn } from './telling/warn';
