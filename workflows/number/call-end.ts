import type { NumberActivities } from '../../contract/number-activities';
import type { Child, ChildEnd } from '../interpreter/interpretation';
import { failedEnd } from '../life/failed-end';
import type { Sharing } from './context';

/** The activity that does a child's work. */
export const activityOf = ({ src, input }: Pick<Child, 'src' | 'input'>) =>
  (src === 'changeSharing' ? `${(input as Sharing).action}Number` : src) as keyof NumberActivities;

/** The end of a call whose activity timed out: a code may have been sent then, everything else has failed. */
export const unansweredEnd = ({ src }: Pick<Child, 'src'>): ChildEnd =>
  src === 'requestCode' ? { output: { outcome: 'unknown' } } : failedEnd(undefined);
