import type { Finding, Table } from '../core/bench';
import { ratio } from '../core/rounds';
import { spread, type Spread } from '../core/statistics';
import { figure, withSpread } from '../core/figures';
import type { Footprint } from './footprint';
import type { Sample, Size } from './round';

const measures: Record<keyof Sample, string> = {
  perSecond: 'lifecycles a second',
  workerCpu: 'worker CPU, ms',
  serverCpu: 'server CPU, ms',
  simulatorCpu: 'simulator CPU, ms',
  driverCpu: 'clients CPU, ms',
};

export const counts: Record<keyof Footprint, string> = {
  events: 'events',
  workflowTasks: 'workflow tasks',
  activities: 'activities',
  upserts: 'attribute upserts',
  stateTransitions: 'state transitions',
  historyBytes: 'history, bytes',
  graphCalls: 'Graph calls',
};

/** @param labels of what a life left behind @param left by each of those that are compared */
export function report<Count extends string>(
  size: Size,
  samples: Map<string, Sample[]>,
  labels: Readonly<Record<Count, string>>,
  left: Map<string, Partial<Record<NoInfer<Count>, number>>>,
): Finding {
  const { table, ratios } = costs(size, samples);
  return {
    tables: [table, footprintTable(labels, left)],
    figures: {
      size,
      samples: Object.fromEntries(samples),
      footprints: Object.fromEntries(left),
      ratios,
    },
  };
}

/** Ours beside what the last of them is, each measure once for all and as the ratio of paired rounds. */
function costs(size: Size, samples: Map<string, Sample[]>): { table: Table; ratios: Ratios } {
  const names = [...samples.keys()];
  const ours = names.slice(0, -1);
  const other = names.at(-1) ?? '';
  const of = (name: string, measure: keyof Sample) =>
    (samples.get(name) ?? []).map((sample) => sample[measure]);
  const ratioOf = (name: string, measure: keyof Sample) => ratio(of(name, measure), of(other, measure));
  const table = {
    title: `A life costs (medians and quartiles of ${size.rounds} paired rounds, ${size.lives} lives each, ${size.inFlight} at a time)`,
    head: ['', ...names, ...ours.map((name) => `${name} / ${other}`)],
    rows: keys(measures).map((measure) => [
      measures[measure],
      ...names.map((name) => withSpread(spread(of(name, measure)))),
      ...ours.map((name) => withSpread(ratioOf(name, measure))),
    ]),
  };
  const ratios = ours.map((name) => [
    name,
    Object.fromEntries(keys(measures).map((measure) => [measure, ratioOf(name, measure)])),
  ]);
  return { table, ratios: Object.fromEntries(ratios) as Ratios };
}

/** To the last of those that are compared. */
type Ratios = Record<string, Record<keyof Sample, Spread>>;

function footprintTable<Count extends string>(
  labels: Readonly<Record<Count, string>>,
  left: Map<string, Partial<Record<NoInfer<Count>, number>>>,
): Table {
  return {
    title: 'A life leaves behind',
    head: ['', ...left.keys()],
    rows: keys(labels).map((count) => [
      labels[count],
      ...[...left.values()].map((one) => figure(one[count] ?? NaN)),
    ]),
  };
}

const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];
