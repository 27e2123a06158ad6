export { reconcile } from './reconcile';
export { setSchedule } from './schedule';
