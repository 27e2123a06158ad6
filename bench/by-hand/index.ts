import {
  condition,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { NumberActivities } from '../../contract/number-activities';
import { readCode } from '../../contract/code';
import type { PhoneNumberId, PortfolioId, WabaId } from '../../contract/ids';
import { searchAttributes } from '../../contract/search-attributes';
import { GRAPH_TASK_QUEUE } from '../../contract/task-queues';

// What every worker of a namespace of ours runs besides: without it, its tasks would fail again and again beside the bench.
export { poolKeys } from '../../workflows/pool-keys';
export { keepRecordsOnSchedule } from '../../workflows/records/keep-records';
export { monitorPool } from '../../workflows/webhooks/monitor-pool';

/**
 * What somebody writes who needs a number's life and knows Temporal: the same calls, periods and messages, without a
 * chart, updates, search attributes and words for the UI. It takes no message twice, refuses none, renews nothing.
 */

const graph = proxyActivities<NumberActivities>({
  taskQueue: GRAPH_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

const DAY = 86_400_000;

export interface Claim {
  wabaId: WabaId;
  phoneNumberId: PhoneNumberId;
}

const code = defineSignal<[{ code: string }]>('submitCode');
const claim = defineSignal<[Claim]>('claim');
export const state = defineQuery<string>('state');

/** @param input `listed`: it can be found by its state and WABA, as ours can; each change of them is one upsert */
export async function numberByHand(input: {
  phoneNumber: string;
  portfolioId: PortfolioId;
  listed: boolean;
}): Promise<string> {
  const { phoneNumber, portfolioId, listed } = input;
  let current = 'Added';
  const goTo = (state: string, wabaId: string | null = null) => {
    current = state;
    if (!listed) return;
    upsertSearchAttributes([
      { key: searchAttributes.NumberState, value: state },
      { key: searchAttributes.WabaId, value: wabaId },
      { key: searchAttributes.NextDeadline, value: new Date(Date.now() + 90 * DAY) },
    ]);
  };
  const received: string[] = [];
  const claims: Claim[] = [];
  setHandler(state, () => current);
  setHandler(code, (message) => {
    received.push(readCode(message.code) ?? '');
  });
  setHandler(claim, (message) => {
    claims.push(message);
  });

  const { preverifiedId } = await graph.addNumber({ portfolioId, phoneNumber });
  const target = { kind: 'preverified', id: preverifiedId } as const;
  while (current !== 'Verified') {
    goTo('CodeRequested');
    await graph.requestCode({ target, method: 'SMS', language: 'en_US' });
    if (!(await condition(() => received.length > 0, '10 minutes'))) continue;
    const verified = await graph.verifyCode({ target, code: received.shift() ?? '', verifiedBefore: null });
    if (verified.outcome === 'verified') goTo('Verified');
  }

  await condition(() => claims.length > 0, '90 days');
  const [claimed] = claims;
  if (!claimed) return 'Unverified';
  goTo('Claimed', claimed.wabaId);
  const asked = { ...claimed, phoneNumber, preverifiedId, portfolioId, sharedWith: [] };
  const confirmed = await graph.confirmClaim(asked);
  if (!confirmed.found) return 'Claimed';
  await graph.registerNumber({
    phoneNumberId: claimed.phoneNumberId,
    pin: confirmed.pin,
    dataLocalizationRegion: null,
  });
  goTo('Registered', claimed.wabaId);
  return current;
}
