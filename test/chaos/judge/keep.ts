import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Evidence } from './evidence';
import type { Fault } from './judge';

/** Keeps what is known of each life that a fault was found in, in a file of its own. */
export async function keep(
  evidence: readonly Evidence[],
  faults: readonly Fault[],
  folder: string,
): Promise<void> {
  for (const { life, messages, ...one } of evidence) {
    const found = faults.filter(({ number }) => number === life.number);
    if (found.length === 0) continue;
    const whole = { faults: found, ...one, messages: [...messages] };
    await writeFile(path.join(folder, `${life.number}.json`), JSON.stringify(whole, null, 2));
  }
}
