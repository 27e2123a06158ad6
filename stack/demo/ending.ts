import Table from 'cli-table3';
import type { NumberRecord } from '../../client';
import type { Clock } from './clock';
import type { Plan } from './plans';

export interface Ending {
  record: NumberRecord;
  plan: Plan;
  /** Whether the shop received the webhook event of it. */
  received: boolean;
}

export const isAsPlanned = ({ record, plan, received }: Ending) =>
  received && record.state === plan.end && (plan.proof?.(record) ?? true);

/** The table at the end: where each number is, and when it met what it had to meet. */
export function endingTable(endings: Ending[], clock: Clock, uiUrl: string): string {
  const table = new Table({
    head: ['', 'number', 'story', 'state', 'deadlines met'],
    style: { head: [], border: [] },
  });
  for (const ending of endings) {
    const { record, plan } = ending;
    table.push([
      isAsPlanned(ending) ? '✓' : '✗',
      `+${record.phoneNumber}`,
      plan.title,
      isAsPlanned(ending) ? record.state : `${record.state}, not ${plan.end}`,
      deadlines(record, clock).join('\n'),
    ]);
  }
  const links = endings.map(
    ({ record }) => `  ${uiUrl}/namespaces/default/workflows/number%3A${record.phoneNumber}`,
  );
  return [table.toString(), "Their histories in Temporal's UI:", ...links].join('\n');
}

function deadlines(record: NumberRecord, clock: Clock): string[] {
  const day = (at: string) => `day ${clock.dayOf(Date.parse(at))}`;
  const at = (to: string) =>
    record.transitions.filter((transition) => transition.to === to).map((transition) => day(transition.at));
  const { verificationExpiresAt, problem } = record;
  return [
    ...(record.state === 'Removed' ? [`unverified: removed ${at('Removed').join()}`] : []),
    ...(record.state === 'Rejected' && problem ? [`Meta's code ${problem.code}`] : []),
    ...(record.verifiedAt && record.claim
      ? [
          // One that lapsed after it was claimed is verified again as a business number, without an end.
          `verified ${day(record.verifiedAt)}${verificationExpiresAt && verificationExpiresAt > record.verifiedAt ? `, until ${day(verificationExpiresAt)}` : ''}`,
        ]
      : []),
    ...at('Unverified').map((when) => `lapsed ${when}`),
    ...(record.claim ? [`claimed ${day(record.claim.claimedAt)}`] : []),
    ...(record.registeredAt ? [`registered ${day(record.registeredAt)}`] : []),
  ];
}
