/** What a worker registers. */
export { customerLifecycle } from './customer/customer-lifecycle';
export { numberLifecycle } from './number/number-lifecycle';
export { pinReading } from './number/pin-reading';
export { pinSetting } from './number/pin-setting';
export { poolKeys } from './pool-keys';
export { findClaims } from './reconcile/find-claims';
export { keepRecords, keepRecordsOnSchedule } from './records/keep-records';
export { readHoldings, readRegistration } from './records/read-records';
export { reconcileOnSchedule, reconcilePool } from './reconcile/reconcile-pool';
export { deliverWebhook } from './webhooks/deliver-webhook';
export { monitorPool } from './webhooks/monitor-pool';
