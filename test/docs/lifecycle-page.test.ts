import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecyclePages } from '../../scripts/lifecycle-page';

test.each(Object.entries(lifecyclePages()))(
  '%s is what the chart draws (npm run lifecycle-page writes it anew)',
  (page, drawn) => {
    expect(readFileSync(join(__dirname, '../..', page), 'utf8')).toBe(drawn);
  },
);
