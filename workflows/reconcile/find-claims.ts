import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { WabaId } from '../../contract/ids';
import { patiently } from './calls';
import { reportClaim } from './report-claim';
import { numbersOf } from './steps';

/** Somebody has word of a claim on the WABA; the same word again is heard once. */
export const checkNow = defineSignal<[{ requestId: string }]>('checkNow');

/**
 * Reads a customer's WABA and reports its numbers as claimed to those that live here. Started with the signal `look`
 * under the ID `claims:<wabaId>`: one look at a time, and one more for each word that comes meanwhile.
 *
 * @returns digits of the numbers that were told
 */
export async function findClaims({ wabaId }: { wabaId: WabaId }): Promise<string[]> {
  const heard = new Set<string>();
  let looks = 0;
  setHandler(checkNow, ({ requestId }) => void heard.add(requestId), {
    description: 'Look for claims on this WABA. {"requestId": "the same one again is heard once"}',
  });
  const told = new Set<string>();
  await condition(() => heard.size > 0);
  while (looks < heard.size) {
    looks = heard.size;
    for (const number of await numbersOf(wabaId, patiently)) {
      if (await reportClaim(wabaId, number, 'look for claims')) told.add(number.phoneNumber);
    }
  }
  return [...told];
}
