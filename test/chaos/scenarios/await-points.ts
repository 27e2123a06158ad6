import { storyOf, type StoryName } from '../lives/stories';

/**
 * Where a call can be when its worker dies:
 * `before` its effect, which comes when the worker is dead · `after` its effect, before the answer ·
 * `never`: the call is lost with the worker · `late`: its effect comes when the next attempt has read that there is none.
 */
export type Moment = 'before' | 'after' | 'never' | 'late';

/** One place at which a number's life awaits Meta. */
export interface AwaitPoint {
  story: StoryName;
  step: string;
  call: string;
  moment: Moment;
  /** What the next attempt reads first, to see what the one before has done. */
  reads: string | null;
}

const reading: readonly Moment[] = ['before', 'after'];
const writing: readonly Moment[] = ['before', 'after', 'never'];
const guarded: readonly Moment[] = [...writing, 'late'];

/** Every call of every step, and the moments at which a worker may die in it. */
const calls: readonly [StoryName, string, string, readonly Moment[], AwaitPoint['reads']?][] = [
  ['registered', 'add', 'add_phone_numbers', guarded, 'preverified_numbers'],
  ['registered', 'add', 'request_code', writing],
  ['registered', 'add', 'verify_code', guarded, 'get_preverified_number'],
  ['registered', 'add', 'get_preverified_number', reading],
  ['registered', 'taken', 'phone_numbers', reading],
  // Twice with the same PIN is as once: nothing at Meta refuses the one that comes late.
  ['registered', 'taken', 'register', writing],
  ['shared', 'share', 'share_preverified_numbers', writing],
  ['shared', 'unshare', 'unshare_preverified_numbers', guarded, 'partners'],
  ['shared', 'taken', 'unshare_preverified_numbers', reading],
  ['two customers at once', 'claimFor', 'create_phone_number', guarded, 'phone_numbers'],
  ['two customers at once', 'claimFor', 'phone_numbers', reading],
  ['two customers at once', 'claimFor', 'register', writing],
  ['removed', 'remove', 'unshare_preverified_numbers', writing],
  ['removed', 'remove', 'delete_preverified_number', writing],
  ['renewed', 'renew', 'request_code', writing],
  ['renewed', 'renew', 'verify_code', guarded, 'get_preverified_number'],
  ['renewed', 'renew', 'get_preverified_number', reading],
  ['lapsed', 'verify again', 'request_code', writing],
  ['lapsed', 'verify again', 'verify_code', guarded, 'get_preverified_number'],
  ['lapsed', 'verify again', 'get_preverified_number', reading],
  ['claim lapsed', 'verify the phone', 'request_code', writing],
  ['claim lapsed', 'verify the phone', 'verify_code', guarded, 'get_phone_number'],
  ['claim lapsed', 'verify the phone', 'get_phone_number', reading],
  ['claim lapsed', 'register', 'register', writing],
];

export const awaitPoints: readonly AwaitPoint[] = calls.flatMap(
  ([story, step, call, moments, reads = null]) =>
    moments.map((moment) => ({ story, step, call, moment, reads: moment === 'late' ? reads : null })),
);

/** A handful that takes no minutes. */
export const fewAwaitPoints = awaitPoints.filter(
  ({ story, call, moment }) =>
    (story === 'registered' && moment === 'after' && call !== 'get_preverified_number') ||
    (call === 'create_phone_number' && moment === 'late'),
);

/** Points at which lives arrive at about the same time: one worker is killed for all of them. */
export function waves(points: readonly AwaitPoint[]): AwaitPoint[][] {
  const found = new Map<string, AwaitPoint[]>();
  for (const point of points) {
    const wave = storyOf(point.story).long ? `${point.story}, ${point.step}` : 'at once';
    found.set(wave, [...(found.get(wave) ?? []), point]);
  }
  return [...found.values()];
}
