import type { Spread } from '../../bench/core/statistics';
import type { Sample } from '../../bench/lifecycle/round';
import { getCluster } from '../../stack/set-up/servers';
import { benchTimeout, shortRun } from '../bench/bench';

interface Figures {
  ratios: Record<string, Record<keyof Sample, Spread>>;
  killed: {
    lives: number;
    registered: number;
    registeredTwice: number;
    spans: { lives: number; perSecond: number }[];
  };
}

test(
  'the cluster bench: lives go on when one of two workers is killed, and each number is registered once',
  async () => {
    await getCluster();
    const { ratios, killed } = await shortRun<Figures>('cluster');
    // CPU: lives a second depend on what else the machine does meanwhile.
    for (const { serverCpu } of Object.values(ratios)) expect(serverCpu.median).toBeLessThan(3);
    expect(killed.registered).toBe(killed.lives);
    expect(killed.registeredTwice).toBe(0);
    expect(killed.spans.map(({ lives }) => lives)).toEqual([killed.lives / 2, killed.lives / 2]);
    // The Temporal server may have to be built first.
  },
  1_800_000 + benchTimeout,
);
