import type { Interpretation } from '../../workflows/interpreter/interpretation';
import type { MessageEvent } from '../../workflows/number/events';
import { isSettled } from '../../workflows/number/outcome';
import { phases } from './phases';
import { confirmed, type Walk } from './walk';

// Messages and answers that share a millisecond: the clock of a walk stands still unless it is told to go on.

const ask = (walk: Walk): { before: Interpretation; event: MessageEvent } => {
  const before = walk.now;
  expect(walk.send('requestCode', {})).toBeNull();
  const event: MessageEvent = { type: 'requestCode', at: walk.time };
  expect(isSettled(walk.now, event)).toBe(false);
  return { before, event };
};
const answerTo = (asked: ReturnType<typeof ask>, { life }: Walk) => {
  expect(life.isSettled(asked)).toBe(true);
  return life.outcomeOf(asked);
};
const waiting = () => phases['CodeRequested.waiting']!();

test('a call that worked in the millisecond before is not what a message asked for that was overtaken', () => {
  const walk = waiting();
  const asked = ask(walk);
  walk.send('claim', { wabaId: '77', source: 'test' });
  walk.answer('confirmClaim', confirmed());
  expect(answerTo(asked, walk)).toMatchObject({ type: 'WrongState' });
});

test('nor is a call that failed then', () => {
  const walk = phases['CodeRequested.requesting']!();
  walk.refuse('requestCode', { handling: 'wait', retryAfter: 60_000, message: 'too many' });
  const asked = ask(walk);
  walk.send('claim', { wabaId: '77', source: 'test' });
  walk.answer('confirmClaim', confirmed());
  expect(answerTo(asked, walk)).toMatchObject({ type: 'WrongState' });
});

test('a call that ends in the very millisecond in which it was asked for is', () => {
  const walk = waiting();
  const asked = ask(walk);
  walk.answer('requestCode', { outcome: 'sent' });
  expect(answerTo(asked, walk)).toBeNull();
  const again = ask(walk);
  walk.refuse('requestCode', { handling: 'wait', retryAfter: 60_000, limit: true, message: 'too many' });
  expect(answerTo(again, walk)).toMatchObject({ type: 'BudgetSpent', message: 'too many look' });
  // A network that is down is no budget.
  walk.send('requestCode', {});
  const third = ask(walk);
  walk.refuse('requestCode', { handling: 'wait', retryAfter: 60_000, code: 'network', message: 'down' });
  expect(answerTo(third, walk)).toMatchObject({ type: 'MetaRefused', message: 'down look' });
});
