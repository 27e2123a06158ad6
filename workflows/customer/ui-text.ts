import type { AnyStateMachine } from 'xstate';
import {
  customerMessageNames,
  type CustomerMessageName,
  type CustomerMessagePayload,
} from '../../contract/customer-messages';
import type { CustomerRecord, Step } from '../../contract/customer-record';
import { utcMinute } from '../../contract/times';
import type { Child, Interpretation } from '../interpreter/interpretation';
import { cell, detailsTable, type Row } from '../life/details';
import { BACKLOG } from '../life/life';
import { contextOf, stateOf } from './customer-record';
import type { CustomerMessageEvent } from './events';
import { accepts } from './rejections';

/** What people read in the Temporal UI. Times are absolute: the page does not tick. */

/** The current details of a customer's page, as Markdown. */
export function currentDetails(
  chart: AnyStateMachine,
  now: Interpretation,
  record: CustomerRecord,
  at: number,
): string {
  const rows: Row[] = [
    ['WABA', record.wabaId],
    ['State', record.phase ? `**${record.state}** (${record.phase})` : `**${record.state}**`],
    ['Meaning', meaning(record)],
    ...record.steps.map((step): [string, string] => [stepTitles[step.name], stepText(step)]),
    ['Token', tokenText(record)],
    ['Numbers', record.numbersAtMeta.map(numberText).join(', ') || 'none known'],
  ];
  if (record.customerId !== null) rows.push(['Customer', cell(record.customerId)]);
  if (record.businessId !== null) rows.push(['Business', record.businessId]);
  return detailsTable(rows, record, possibleMessages(chart, now, at));
}

const samples: { [Name in CustomerMessageName]: CustomerMessagePayload<Name> } = {
  connect: {},
  offboard: {},
  refresh: {},
  reportDeparture: { event: 'PARTNER_REMOVED' },
  reportToken: { code: '190', message: 'a sample' },
};

/** Which messages the chart would take now, asked of the chart itself. */
export const possibleMessages = (chart: AnyStateMachine, now: Interpretation, at: number) =>
  customerMessageNames.filter((name) =>
    accepts(chart, now, { ...samples[name], type: name, at } as CustomerMessageEvent),
  );

const stepTitles: Record<Step['name'], string> = {
  exchange: "Customer's own token",
  subscribe: 'Webhooks subscribed',
  assignSystemUser: 'System user assigned',
  creditLine: 'Credit line shared',
};

const stepText = ({ status, at, problem }: Step) =>
  cell(`${status}${at === null ? '' : ` since ${utcMinute(at)}`}${problem === null ? '' : `: ${problem}`}`);

const tokenText = ({ tokenHeld, tokenExpiresAt }: CustomerRecord) =>
  !tokenHeld ? 'none held' : tokenExpiresAt === null ? 'held' : `held, expires ${utcMinute(tokenExpiresAt)}`;

const numberText = ({ phoneNumber, status, nameStatus }: CustomerRecord['numbersAtMeta'][number]) =>
  cell(`+${phoneNumber} (${status ?? 'status unknown'}, name ${nameStatus ?? 'unknown'})`);

function meaning({ state, phase }: CustomerRecord): string {
  if (phase.startsWith('leaving')) return 'They leave: what we gave them is taken back.';
  switch (state) {
    case 'Signing':
      return 'They signed up; their own token may come.';
    case 'Connecting':
      return phase === 'waiting'
        ? 'A step failed; it is tried again by itself, and at once with connect.'
        : 'What must happen before they can send a message is being done.';
    case 'Connected':
      return 'They can send and receive messages with each number that is registered.';
    case 'Left':
      return 'They have left; connect begins anew.';
  }
}

/** One line for a timer in the event list, with its time first, for the list cuts long lines off. */
export function timerSummary(timerId: string, now: Interpretation): string {
  const due = now.timers[timerId]?.dueAt ?? 0;
  const [, , delay = ''] = timerId.split('.');
  const { state, phase } = stateOf(now);
  const what =
    timerId === BACKLOG
      ? 'act on the signals that are left'
      : delay === 'signingEnd'
        ? 'connect them without a token of their own'
        : delay === 'nextLook'
          ? `look again whether they have left (${contextOf(now).report?.event ?? ''})`
          : delay === 'nextReading'
            ? 'read them again at Meta'
            : delay === 'nextRegistration'
              ? 'register a number again for its new name'
              : `goes on from ${state} (${phase})`;
  return `${utcMinute(due)}: ${what}`;
}

/** One line for a call in the event list; the page's title says which customer it is for. */
export function callSummary({ src, input }: Child): string {
  const { phoneNumber } = input as { phoneNumber?: string | null };
  switch (src) {
    case 'subscribeCustomer':
      return 'Subscribe our app to the WABA';
    case 'assignSystemUser':
      return 'Assign our system user to the WABA';
    case 'shareCreditLine':
      return 'Share our credit line with the WABA';
    case 'readCustomer':
      return phoneNumber == null ? 'Read the customer at Meta' : `Read +${phoneNumber} at Meta`;
    case 'registerAgain':
      return `Register +${String(phoneNumber)} again for its new name`;
    case 'confirmDeparture':
      return 'Look whether they have left';
    case 'revokeCreditLine':
      return 'Revoke the credit line';
    default:
      return 'Destroy their token, close what they hold';
  }
}
