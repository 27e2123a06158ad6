import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../contract/ids';
import type {
  OurNumber,
  Page,
  ReconcileActivities,
  UnreadableNumber,
} from '../contract/reconcile-activities';
import { statedAttributes } from '../contract/search-attributes';
import { digitsIn, workflowIdOf } from '../contract/workflow-ids';
import { latestChartVersion } from '../contract/chart-version';
import type { MessagePayload } from '../contract/messages';
import { readStart } from '../contract/number-start';
import { canonicalDigits } from '../contract/phone-number';
import { hasLeft } from '../client/customers/customer';
import { addNumber, startOptions } from '../client/pool/add';
import { RefusedError } from '../client/pool/refused-error';
import { listPage } from '../temporal/list-page';
import { decodeTypedSearchAttributes } from '../temporal/sdk-internals';
import { unreadableKey } from '../temporal/reading-client';
import { runsOf, type Run } from '../client/pool/run';

/** The activities of a reconciliation that ask Temporal, for a worker of the numbers' task queue. */
export const createReconcileActivities = (client: Client): ReconcileActivities => ({
  findOurs: ({ phoneNumbers }) => findOurs(client, phoneNumbers),
  listUnclaimed: ({ portfolioId, after }) => listUnclaimed(client, portfolioId, after),
  listLost: ({ portfolioId, after }) => listLost(client, portfolioId, after),
  adoptClaimed: (input) => adoptClaimed(client, input),
  async adoptNumber({ portfolioId, phoneNumber }) {
    try {
      // With `+`, for these are digits: of what people type, ten may be a number without its country code.
      const { outcome } = await addNumber(client, `+${phoneNumber}`, { portfolioId, by: 'reconcile' });
      return { outcome };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { outcome: 'refused', reason: error.message };
    }
  },
});

/** One whose last life was ended from outside is left out: it counts as unknown, for nobody knows more than Meta shows. */
async function findOurs(client: Client, phoneNumbers: readonly string[]): Promise<OurNumber[]> {
  const lives = await lastLives(client, phoneNumbers);
  return [...lives.values()].filter((run) => !endedFromOutside(run)).map(ourNumber);
}

const endedFromOutside = ({ status }: Run) => status !== 'RUNNING' && status !== 'COMPLETED';

/** The life of each number that ended last, in whichever of its written forms, by its canonical digits. One that runs ends after all others. */
async function lastLives(client: Client, phoneNumbers: readonly string[]): Promise<Map<string, Run>> {
  const lives = new Map<string, Run>();
  for await (const run of runsOf(client, phoneNumbers)) {
    if (run.status === 'CONTINUED_AS_NEW') continue;
    const number = canonicalDigits(run.digits);
    const other = lives.get(number);
    if (other === undefined || end(run) > end(other)) lives.set(number, run);
  }
  return lives;
}

/** Whoever adds a number that a customer has is rejected by Meta: that tells nothing of the life before it. */
const end = ({ state, endedAt }: Run) => (state === 'Rejected' ? 0 : (endedAt ?? Infinity));

async function listLost(
  client: Client,
  portfolioId: PortfolioId,
  after: string | null,
): Promise<Page<string>> {
  const page = await listNumbers(client, after, [
    `PortfolioId = '${portfolioId}'`,
    `ExecutionStatus IN ('Terminated', 'Canceled', 'Failed', 'TimedOut')`,
  ]);
  const listed = [...new Set(page.items.map(({ digits }) => digits))];
  const lives = await lastLives(client, listed);
  const lost = listed.filter((digits) => {
    const last = lives.get(canonicalDigits(digits));
    return last !== undefined && endedFromOutside(last);
  });
  return { items: lost, after: page.after };
}

async function adoptClaimed(
  client: Client,
  { portfolioId, phoneNumber, wabaId, phoneNumberId }: Parameters<ReconcileActivities['adoptClaimed']>[0],
): ReturnType<ReconcileActivities['adoptClaimed']> {
  // Looked at again: since it was listed it may have gone on, and a retry must begin no second life.
  const last = (await lastLives(client, [phoneNumber])).get(canonicalDigits(phoneNumber));
  if (last?.status === 'COMPLETED' && last.state !== 'Rejected') return { outcome: 'ended' };
  // A confirmed claim begins the customer anew, and with them the sharing of the credit line.
  if (await hasLeft(client, wabaId)) return { outcome: 'left' };
  const customerId = last?.attributes.WabaId === wabaId ? last.attributes.CustomerId : null;
  const claim: MessagePayload<'claim'> = {
    ...{ wabaId, phoneNumberId, source: 'reconcile', by: 'reconcile' },
    ...(customerId !== null && { customerId }),
  };
  if (last?.status === 'RUNNING') {
    await client.workflow.getHandle(workflowIdOf(last.digits)).signal('claim', claim);
    return { outcome: 'exists' };
  }
  // Whether its owner keeps it on the WhatsApp Business app nobody knows any more: it must not register by itself.
  const automation = { requestCode: false, reverify: false, register: false };
  const input = { phoneNumber, portfolioId, automation, chartVersion: latestChartVersion };
  const read = readStart(input);
  if (!read.ok) throw new TypeError(`+${phoneNumber} cannot be adopted: ${read.fault}`);
  // The claim comes with the start: a number that somebody is said to have does not end before it was looked for.
  await client.workflow.signalWithStart('numberLifecycle', {
    ...startOptions(input, read.start, 'reconcile'),
    signal: 'claim',
    signalArgs: [claim],
  });
  return { outcome: 'added' };
}

export const ourNumber = ({ digits, state, attributes, endedAt, unreadable }: Run): OurNumber => ({
  phoneNumber: digits,
  state: state ?? 'Added',
  expiresAt: attributes.VerificationExpiresAt === null ? null : Date.parse(attributes.VerificationExpiresAt),
  problem: attributes.Problem,
  endedAt,
  unreadable,
});

/** A number that is still to be added at Meta has no deadline yet. */
const addedAtMeta = `(NumberState IN ('CodeRequested', 'Verified', 'Unverified') OR (NumberState = 'Added' AND NextDeadline IS NOT NULL))`;
/** Nor has one that no worker can read. */
const perhapsUnread = `(NumberState = 'Added' AND NextDeadline IS NULL)`;

async function listUnclaimed(
  client: Client,
  portfolioId: PortfolioId,
  after: string | null,
): ReturnType<ReconcileActivities['listUnclaimed']> {
  const page = await listNumbers(client, after, [
    `ExecutionStatus = 'Running'`,
    `PortfolioId = '${portfolioId}'`,
    `(${addedAtMeta} OR ${perhapsUnread})`,
  ]);
  const items: string[] = [];
  const unreadable: UnreadableNumber[] = [];
  for (const { digits, memo, searchAttributes } of page.items) {
    const keyId = await unreadableKey(client, memo?.fields?.['addedBy']);
    const { NumberState, NextDeadline } = statedAttributes(
      decodeTypedSearchAttributes(searchAttributes?.indexedFields),
    );
    if (keyId !== null) unreadable.push({ phoneNumber: digits, keyId });
    else if (NumberState !== 'Added' || NextDeadline !== null) items.push(digits);
  }
  return { items, unreadable, after: page.after };
}

async function listNumbers(client: Client, after: string | null, where: readonly string[]) {
  const query = [`WorkflowType = 'numberLifecycle'`, ...where].join(' AND ');
  const page = await listPage(client, query, { after, size: 100 });
  return {
    items: page.executions.map((info) => ({ ...info, digits: digitsIn(info.execution?.workflowId ?? '') })),
    after: page.after,
  };
}
