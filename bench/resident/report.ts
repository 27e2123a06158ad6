import type { Finding } from '../core/bench';
import { ratio } from '../core/rounds';
import { spread } from '../core/statistics';
import { figure, withSpread } from '../core/figures';
import type { AddingSample } from './adding';
import type { Grown, Times } from './grow';

const addingMeasures: Record<keyof AddingSample, string> = {
  perSecond: 'starts a second',
  clientCpu: 'clients CPU, ms each',
  serverCpu: 'Temporal CPU, ms each',
  clientShare: 'of a core, our client',
};

const grownMeasures: Record<Exclude<keyof Grown, 'total'>, string> = {
  perSecond: 'added a second, until asleep',
  bytesEach: 'bytes on disk, each',
  clientCpu: 'adding: clients CPU, ms each',
  workerCpu: 'adding: worker CPU, ms each',
  serverCpu: 'adding: Temporal CPU, ms each',
  clientShare: 'adding: of a core, our client',
  wakeCold: 'update, replayed first, ms',
  wakeWarm: 'update, in memory, ms',
  wakeColdCpu: 'update, replayed first: worker CPU, ms',
  wakeWarmCpu: 'update, in memory: worker CPU, ms',
  getCold: 'get, replayed first, ms',
  getWarm: 'get, in memory, ms',
  firstHundred: 'list: the first hundred, ms',
  count: 'how many there are, ms',
  listEach: 'list: all of them, ms each',
};

export function report(
  server: string,
  size: { rounds: number; starts: number; asked: number; steps: number[] },
  adding: Map<string, AddingSample[]>,
  grown: Grown[],
): Finding {
  const [ours = '', theirs = ''] = [...adding.keys()];
  const of = (name: string, measure: keyof AddingSample) =>
    (adding.get(name) ?? []).map((sample) => sample[measure]);
  const ratios = Object.fromEntries(
    keys(addingMeasures).map((measure) => [measure, ratio(of(ours, measure), of(theirs, measure))]),
  ) as Record<keyof AddingSample, ReturnType<typeof spread>>;
  const left = size.steps.filter((step) => !grown.some(({ total }) => total === step));
  return {
    tables: [
      {
        title: `Taking in numbers on ${server} (medians and quartiles of ${size.rounds} paired rounds, ${size.starts} starts each)`,
        head: ['', ours, theirs, `${ours} / ${theirs}`],
        rows: keys(addingMeasures).map((measure) => [
          addingMeasures[measure],
          withSpread(spread(of(ours, measure))),
          withSpread(spread(of(theirs, measure))),
          withSpread(ratios[measure]),
        ]),
      },
      {
        title: `Numbers asleep on ${server} (times: median · 99th percentile of ${size.asked})${left.length > 0 ? `; left out, for they would take too long: ${left.join(', ')}` : ''}`,
        head: ['', ...grown.map(({ total }) => String(total))],
        rows: keys(grownMeasures).map((measure) => [
          grownMeasures[measure],
          ...grown.map((step) => shown(step[measure])),
        ]),
      },
    ],
    figures: { server, size, adding: Object.fromEntries(adding), ratios, grown },
  };
}

const shown = (value: number | Times) =>
  typeof value === 'number' ? figure(value) : `${figure(value.p50)} · ${figure(value.p99)}`;

const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];
