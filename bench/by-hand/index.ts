import { condition, defineQuery, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { NumberActivities } from '../../contract/number-activities';
import { readCode } from '../../contract/code';
import type { PhoneNumberId, PortfolioId, WabaId } from '../../contract/ids';
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

export interface Claim {
  wabaId: WabaId;
  phoneNumberId: PhoneNumberId;
}

const code = defineSignal<[{ code: string }]>('submitCode');
const claim = defineSignal<[Claim]>('claim');
export const state = defineQuery<string>('state');

export async function numberByHand(input: {
  phoneNumber: string;
  portfolioId: PortfolioId;
}): Promise<string> {
  const { phoneNumber, portfolioId } = input;
  let current = 'Added';
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
    current = 'CodeRequested';
    await graph.requestCode({ target, method: 'SMS', language: 'en_US' });
    if (!(await condition(() => received.length > 0, '10 minutes'))) continue;
    const verified = await graph.verifyCode({ target, code: received.shift() ?? '', verifiedBefore: null });
    if (verified.outcome === 'verified') current = 'Verified';
  }

  await condition(() => claims.length > 0, '90 days');
  const [claimed] = claims;
  if (!claimed) return 'Unverified';
  current = 'Claimed';
  const asked = { ...claimed, phoneNumber, preverifiedId, portfolioId, sharedWith: [] };
  const confirmed = await graph.confirmClaim(asked);
  if (!confirmed.found) return 'Claimed';
  await graph.registerNumber({
    phoneNumberId: claimed.phoneNumberId,
    pin: confirmed.pin,
    dataLocalizationRegion: null,
  });
  return 'Registered';
}
