import pLimit from 'p-limit';
import type { NumberPool } from '../../client';
import type { SimulatorClient } from '../../simulator/client';

/** Puts numbers into the pool and verifies them with the codes that they receive; they renew nothing by themselves. */
export async function verifiedNumbers(
  pool: NumberPool,
  phones: SimulatorClient,
  numbers: readonly string[],
): Promise<void> {
  const limit = pLimit(20);
  const verify = async (number: string) => {
    await pool.add(number, { automation: { reverify: false } });
    await pool.submitCode(number, { code: await phones.nextMessage(number) });
  };
  await Promise.all(numbers.map((number) => limit(verify, number)));
}
