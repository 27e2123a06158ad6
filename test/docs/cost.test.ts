import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './pages';

const folder = path.join(root, 'test/histories');
const histories = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);

test.each(histories)('the history %s has as many events as docs/architecture.md says', (name) => {
  const { events } = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as {
    events: { eventType: string }[];
  };
  const count = (...types: string[]) =>
    events.filter(({ eventType }) => types.includes(eventType.replace('EVENT_TYPE_', ''))).length;
  expect(events).toHaveLength(
    2 +
      3 * count('WORKFLOW_TASK_COMPLETED') +
      3 * count('ACTIVITY_TASK_SCHEDULED') +
      count('WORKFLOW_EXECUTION_SIGNALED') +
      2 * count('WORKFLOW_EXECUTION_UPDATE_ACCEPTED') +
      count('TIMER_STARTED') +
      count('TIMER_FIRED', 'TIMER_CANCELED') +
      count('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES') +
      count('WORKFLOW_PROPERTIES_MODIFIED') +
      count('MARKER_RECORDED'),
  );
});
