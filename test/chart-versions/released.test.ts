import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { latestChartVersion, latestCustomerChartVersion } from '../../contract/chart-version';
import { customerCharts } from '../../workflows/customer/charts';
import { charts } from '../../workflows/number/charts';
import { chartHash, partsOf } from './chart-hash';

type Life = 'number' | 'customer';
const released = JSON.parse(readFileSync(path.join(__dirname, 'released.json'), 'utf8')) as Record<
  Life,
  Record<string, string>
>;
const workflows = path.resolve(__dirname, '../../workflows');
const chartFile = (life: Life) => path.join(workflows, life, 'chart.ts');

/** Modules that a chart consists of, beside those of the contract. */
const partsOfBoth = ['chart', 'chart-setup', 'calls', 'context', 'events', 'guards'];
const actions = [
  'adding',
  'calls',
  'claims',
  'codes',
  'context-patch',
  'customers',
  'index',
  'registration',
  'verification',
];
const partsOfNumber = [
  ...partsOfBoth,
  'assert-defined',
  'deadlines',
  ...actions.map((name) => `actions/${name}`),
];

describe.each([
  { life: 'number', known: charts, latest: latestChartVersion, parts: partsOfNumber },
  {
    life: 'customer',
    known: customerCharts,
    latest: latestCustomerChartVersion,
    parts: [...partsOfBoth, 'actions', 'names'],
  },
] as const)('the chart of a $life', ({ life, known, latest, parts }) => {
  test('has the version that clients begin with as the latest that workers know', () => {
    expect(known.latest).toBe(latest);
  });

  test('does in every released version what it did when it was released (docs/changing-the-chart.md)', () => {
    const hashes = Object.keys(released[life]).map((version) => {
      const folder = Number(version) === latest ? '' : `v${version}`;
      return [version, chartHash(path.join(workflows, life, folder, 'chart.ts'))];
    });
    expect(Object.fromEntries(hashes)).toEqual(released[life]);
  });

  test('is hashed with all that it names, and names nothing of Temporal', () => {
    const { modules, packages } = partsOf(chartFile(life));
    expect(modules.filter((name) => !name.startsWith('contract/'))).toEqual(
      parts.map((name) => `workflows/${life}/${name}.ts`).sort(),
    );
    // What reads a message, a code and a duration stands in the contract, and decides with the chart.
    const read = ['code', 'messages', 'policy', 'times'].map((name) => `contract/${name}.ts`);
    expect(modules).toEqual(expect.arrayContaining(read));
    expect(packages).toEqual(['ms', 'valibot', 'xstate']);
  });
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
