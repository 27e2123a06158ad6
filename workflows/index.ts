/** What a worker registers. */
export { numberLifecycle } from './number/number-lifecycle';
export { pinReading } from './number/pin-reading';
export { lookForClaims } from './reconcile/find-claims';
export { reconcileOnSchedule, reconcilePool } from './reconcile/reconcile-pool';
export { tell } from './webhooks/deliver-webhook';
export { warn } from './webhooks/monitor-pool';
