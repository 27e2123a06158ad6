import { SIGNALS_PER_TASK } from '../../workflows/life/life';
import { NumberLife } from '../../workflows/number/number-life';
import { readStart } from '../../contract/number-start';
import { START } from './life-walk';
import { added, Walk } from './walk';

test('a task acts on so many signals, and the next ones go on with the rest in their order', () => {
  const walk = new Walk({ automation: { requestCode: false } }).answer('addNumber', added());
  const { life } = walk;
  for (let last = 0; last < SIGNALS_PER_TASK * 2 + 1; last++)
    life.signal('reserve', { customerId: String(last) }, walk.time);
  expect(life.backlog).toBe(SIGNALS_PER_TASK + 1);
  expect(life.idle).toBe(false);
  life.endTask(walk.time);
  // Whoever waits for an answer does not wait for a flood.
  expect(walk.send('release', {})).toBeNull();
  walk.wait(0);
  expect(life.backlog).toBe(0);
  expect(walk.context.reservation).toMatchObject({ customerId: String(SIGNALS_PER_TASK) });
  expect(life.record().lastRefusal).toMatchObject({ name: 'reserve', type: 'Reserved' });
});

describe('a run that goes on amid a call', () => {
  const next = (walk: Walk) => {
    const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634' });
    if (!read.ok) throw new Error(read.fault);
    return new NumberLife(read.start, JSON.parse(JSON.stringify(walk.life.carry(1))) as never, walk.time);
  };

  test('makes it again, and the call knows that it was made before', () => {
    const walk = new Walk({ automation: { requestCode: false } });
    expect(walk.life.portable).toBe(true);
    expect(next(walk).now.children['addNumber']?.input).toMatchObject({ retried: true });
  });

  test('does not ask for a second code, which would make the first one void', () => {
    const walk = new Walk().answer('addNumber', added());
    expect(walk.life.portable).toBe(false);
    const life = next(walk);
    expect(life.now.children).toEqual({});
    expect(life.record()).toMatchObject({ state: 'CodeRequested', phase: 'waiting' });
  });

  test('tells of a signal that comes to nothing later', () => {
    const walk = new Walk({ automation: { requestCode: false } }).answer('addNumber', added());
    walk.life.signal('refresh', { by: 'an operator' }, START);
    const life = next(walk);
    const { readNumber } = life.now.children;
    const error = { code: '200', message: 'no', handling: 'account', retryAfter: null, whatToDo: 'look' };
    life.finishChild({ ...readNumber!, id: 'readNumber' }, { error }, START);
    life.endTask(START);
    expect(life.record().lastRefusal).toMatchObject({ name: 'refresh', by: 'an operator' });
  });
});
