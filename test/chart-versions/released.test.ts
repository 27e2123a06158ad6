import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { latestChartVersion } from '../../contract/chart-version';
import { charts } from '../../workflows/number/charts';
import { chartHash } from './chart-hash';

const released = JSON.parse(readFileSync(path.join(__dirname, 'released.json'), 'utf8')) as Record<
  string,
  string
>;
const number = path.resolve(__dirname, '../../workflows/number');

test('the latest version that clients start numbers with is the latest that workers know', () => {
  expect(charts.latest).toBe(latestChartVersion);
});

test('every released version of the chart does what it did when it was released (docs/changing-the-chart.md)', () => {
  const standing = Object.keys(released).map((version) => {
    const folder = Number(version) === latestChartVersion ? number : path.join(number, `v${version}`);
    return [version, chartHash(path.join(folder, 'chart.ts'))];
  });
  expect(Object.fromEntries(standing)).toEqual(released);
});

describe('the hash of a released version', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'preverified-chart-'));
    cpSync(path.join(__dirname, 'toy/v1'), folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const toy = () => path.join(folder, 'chart.ts');
  const change = (file: string, from: string, to: string) => {
    const place = path.join(folder, file);
    const code = readFileSync(place, 'utf8');
    if (!code.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(place, code.replace(from, to));
  };

  test.each([
    ['the body of a guard', 'guards.ts', 'asked > 0', 'asked > 1'],
    ['the body of an action', 'chart.ts', 'context.asked + 1', 'context.asked + 2'],
    ['a delay', 'chart.ts', 'walking: 60', 'walking: 30'],
    ['an arrow', 'chart.ts', "walking: 'red'", "walking: 'dark'"],
  ])('sees a change of %s', (_what, file, from, to) => {
    const before = chartHash(toy());
    change(file, from, to);
    expect(chartHash(toy())).not.toBe(before);
  });

  test('does not see comments and layout, nor where the folder stands', () => {
    const before = chartHash(path.join(__dirname, 'toy/v1/chart.ts'));
    change('guards.ts', '/** As they were', '/** Just as they were');
    change('chart.ts', "  id: 'light',", "  id:\n    'light',");
    expect(chartHash(toy())).toBe(before);
  });
});
