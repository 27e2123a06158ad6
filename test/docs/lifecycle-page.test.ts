import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecyclePage } from '../../scripts/lifecycle-page';

test('docs/lifecycle.md is what the chart draws (npm run lifecycle-page writes it anew)', () => {
  expect(readFileSync(join(__dirname, '../../docs/lifecycle.md'), 'utf8')).toBe(lifecyclePage());
});
