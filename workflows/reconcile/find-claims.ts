import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { WabaId } from '../../contract/ids';
import { numbersOf, reportClaim, withStatedWaits } from './calls';

/** Asks for a search. A repeat of the same request causes no second one. */
export const checkNow = defineSignal<[{ requestId: string }]>('checkNow');

/**
 * Reads a customer's WABA and reports a claim to each number of ours that is on it. Started with the signal `checkNow`
 * under the ID `claims:<wabaId>`, so that one search runs at a time; requests that arrive meanwhile cause one more.
 *
 * @returns digits of the numbers that got a report
 */
export async function findClaims({ wabaId }: { wabaId: WabaId }): Promise<string[]> {
  const requests = new Set<string>();
  let searched = 0;
  setHandler(checkNow, ({ requestId }) => void requests.add(requestId), {
    description: 'Search this WABA for claims. {"requestId": "a repeat of the same one is ignored"}',
  });
  const reported = new Set<string>();
  await condition(() => requests.size > 0);
  while (searched < requests.size) {
    searched = requests.size;
    for (const number of await numbersOf(wabaId, withStatedWaits)) {
      if (await reportClaim(wabaId, number, 'findClaims')) reported.add(number.phoneNumber);
    }
  }
  return [...reported];
}
