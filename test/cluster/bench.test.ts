import { Progress } from '../../stack/set-up/progress';
import { getCluster } from '../../stack/set-up/servers';
import { shortRun } from '../bench/bench';

interface Figures {
  ratios: Record<string, { perSecond: { median: number } }>;
  killed: {
    lives: number;
    registered: number;
    registeredTwice: number;
    spans: { lives: number; perSecond: number }[];
  };
}

test('the cluster bench: lives go on when one of two workers is killed, and each number is registered once', async () => {
  const { temporalBin, postgresBin } = await getCluster(new Progress());
  Object.assign(process.env, { TEMPORAL_SERVER_BIN: temporalBin, POSTGRES_BIN: postgresBin });
  // A call that dies with its worker is made again after a minute.
  const { ratios, killed } = await shortRun<Figures>('cluster', 400_000);
  for (const { perSecond } of Object.values(ratios)) expect(perSecond.median).toBeGreaterThan(0.1);
  expect(killed.registered).toBe(killed.lives);
  expect(killed.registeredTwice).toBe(0);
  expect(killed.spans.map(({ lives }) => lives)).toEqual([killed.lives / 2, killed.lives / 2]);
}, 1_800_000);
