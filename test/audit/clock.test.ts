import { compareTimes } from '../../audit/compare/clock';
import type { Fact, Recorded } from '../../audit/recorded';

/** Seconds after the start, and what is written then; only kinds and times count. */
function faultsIn(...written: [at: number, kind: Fact['kind']][]): string[] {
  const events = written.map(([at, kind], index) => ({ id: index + 1, at: at * 1000, event: { kind } }));
  const found: string[] = [];
  compareTimes(events as Recorded[], (id, what) => found.push(`${String(id)}: ${what}`));
  return found;
}

test('what came while a task was under way that timed out is written behind it, with its own time', () => {
  expect(
    faultsIn(
      [0, 'started'],
      [0, 'taskScheduled'],
      [1, 'taskStarted'],
      [11, 'taskFailed'],
      [3, 'signal'],
      [11, 'taskScheduled'],
      [12, 'taskStarted'],
    ),
  ).toEqual([]);
});

test('what came while a task was tried again and again waits for the attempt that completes', () => {
  expect(
    faultsIn(
      [0, 'started'],
      [0, 'taskScheduled'],
      [1, 'taskStarted'],
      [11, 'taskFailed'],
      [20, 'timerFired'],
      [55, 'taskScheduled'],
      [55, 'taskStarted'],
    ),
  ).toEqual([]);
});

test('what cannot have come before the failed task began is found', () => {
  expect(
    faultsIn(
      [0, 'started'],
      [0, 'taskScheduled'],
      [10, 'taskStarted'],
      [20, 'taskFailed'],
      [3, 'signal'],
      [20, 'taskScheduled'],
    ),
  ).toEqual([expect.stringMatching(/^5: it is of .*, and cannot have come before/)]);
});
