import { inFlight } from '../core/in-flight';
import type { Cpu } from '../stack/stack';

/** How much is compared. */
export interface Size {
  rounds: number;
  lives: number;
  inFlight: number;
}

/** What a round of lives cost, for one life each; milliseconds of CPU. */
export interface Sample {
  perSecond: number;
  workerCpu: number;
  serverCpu: number;
  simulatorCpu: number;
  driverCpu: number;
}

/** Lives of new numbers, so many at a time. @param cpu of each side, so far */
export async function round(
  { lives, inFlight: most }: Size,
  cpu: () => Promise<Cpu & { worker: number }>,
  live: (number: string) => Promise<void>,
): Promise<Sample> {
  const numbers = Array.from({ length: lives }, nextNumber);
  const before = await cpu();
  const took = await inFlight(numbers, most, live);
  const after = await cpu();
  return {
    perSecond: (lives / took) * 1000,
    workerCpu: (after.worker - before.worker) / lives,
    serverCpu: (after.server - before.server) / lives,
    simulatorCpu: (after.simulator - before.simulator) / lives,
    driverCpu: (after.driver - before.driver) / lives,
  };
}

let numbers = 0;
/** `15550000001` and so on: no number lives twice. */
export const nextNumber = () => `1555${String(++numbers).padStart(7, '0')}`;
