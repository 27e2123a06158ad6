import type { Finding } from '../core/bench';
import { ratio } from '../core/rounds';
import { spread } from '../core/statistics';
import { figure, withSpread } from '../core/words';
import type { Sample, Size } from '.';
import type { Footprint } from './footprint';
import { preverified } from './lives';

const measures: Record<keyof Sample, string> = {
  perSecond: 'lifecycles a second',
  workerCpu: 'worker CPU, ms',
  serverCpu: 'Temporal server CPU, ms',
  simulatorCpu: 'simulator CPU, ms',
  driverCpu: 'clients CPU, ms',
};

const counts: Record<keyof Footprint, string> = {
  events: 'events',
  workflowTasks: 'workflow tasks',
  activities: 'activities',
  upserts: 'attribute upserts',
  stateTransitions: 'state transitions',
  historyBytes: 'history, bytes',
  graphCalls: 'Graph calls',
};

/** Ours beside the others, each measure once for all and as the ratio of paired rounds. */
export function report(
  size: Size,
  samples: Map<string, Sample[]>,
  footprints: Map<string, Footprint>,
): Finding {
  const names = [...samples.keys()];
  const others = names.filter((name) => name !== preverified.name);
  const of = (name: string, measure: keyof Sample) =>
    (samples.get(name) ?? []).map((sample) => sample[measure]);
  const ratios = Object.fromEntries(
    others.map((name) => [
      name,
      Object.fromEntries(
        keys(measures).map((measure) => [measure, ratio(of(preverified.name, measure), of(name, measure))]),
      ) as Record<keyof Sample, ReturnType<typeof spread>>,
    ]),
  );
  return {
    tables: [
      {
        title: `A life costs (medians and quartiles of ${size.rounds} paired rounds, ${size.lives} lives each, ${size.inFlight} at a time)`,
        head: ['', ...names, ...others.map((name) => `${preverified.name} / ${name}`)],
        rows: keys(measures).map((measure) => [
          measures[measure],
          ...names.map((name) => withSpread(spread(of(name, measure)))),
          ...others.map((name) => {
            const found = ratios[name]?.[measure];
            return found ? withSpread(found) : '–';
          }),
        ]),
      },
      {
        title: 'A life leaves behind',
        head: ['', ...names],
        rows: keys(counts).map((count) => [
          counts[count],
          ...names.map((name) => figure(footprints.get(name)?.[count] ?? NaN)),
        ]),
      },
    ],
    figures: {
      size,
      samples: Object.fromEntries(samples),
      footprints: Object.fromEntries(footprints),
      ratios,
    },
  };
}

const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];
