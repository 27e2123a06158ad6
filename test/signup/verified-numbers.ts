import pLimit from 'p-limit';
import type { NumberPool } from '../../client';
import type { SimulatorControl } from '../support/phone';

/** Puts numbers into the pool and verifies them with the codes that they receive; they renew nothing by themselves. */
export async function verifiedNumbers(
  pool: NumberPool,
  phones: SimulatorControl,
  numbers: readonly string[],
): Promise<void> {
  const limit = pLimit(20);
  const verify = async (number: string) => {
    await pool.add(number, { automation: { reverify: false } });
    await pool.submitCode(number, { code: await phones.nextMessage(number) });
  };
  await Promise.all(numbers.map((number) => limit(verify, number)));
}

/** Lets time pass at Meta alone. */
export async function passAtMeta({ url }: SimulatorControl, time: string): Promise<void> {
  const body = JSON.stringify({ advance: time });
  const { ok } = await fetch(`${url}/_sim/clock`, { method: 'POST', body });
  if (!ok) throw new Error(`the simulator's clock could not be moved by ${time}`);
}
