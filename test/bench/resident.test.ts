import type { AddingSample } from '../../bench/resident/adding';
import type { Grown } from '../../bench/resident/grow';
import { benchTimeout, shortRun } from './bench';

interface Figures {
  size: { steps: number[] };
  ratios: Record<keyof AddingSample, { median: number }>;
  grown: Grown[];
}

test(
  'the resident bench: numbers sleep, wake and are found, and taking them in costs us little beside the server',
  async () => {
    const { size, ratios, grown } = await shortRun<Figures>('resident');
    expect(grown.map(({ total }) => total)).toEqual(size.steps);
    for (const { bytesEach, clientCpu, serverCpu, wakeWarmCpu, wakeColdCpu } of grown) {
      expect(bytesEach).toBeGreaterThan(1_000);
      expect(clientCpu).toBeLessThan(serverCpu);
      // A replay costs more than none.
      expect(wakeColdCpu).toBeGreaterThan(wakeWarmCpu);
    }
    // CPU: starts a second depend on what else the machine does meanwhile.
    expect(ratios.serverCpu.median).toBeLessThan(3);
  },
  benchTimeout,
);
