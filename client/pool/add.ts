import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { phoneNumberFault, writtenForms } from '../../contract/phone-number';
import { latestChartVersion } from '../../contract/chart-version';
import { firstAttributes } from '../../contract/search-attributes';
import { notANumber, readStart, type NumberStart, type NumberStartInput } from '../../contract/number-start';
import { lastLine } from '../../contract/ui-text';
import type { NumberState } from '../../contract/number-record';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { workflowIdOf } from '../../contract/workflow-ids';
import { readHistory } from './ask-records';
import { checkedBy } from './by';
import { shown } from './phone-number';
import { RefusedError } from './refused-error';
import { findRun, findRunOf, isInPool, type Run } from './run';

/** How a number is to live; durations as text such as `"90 days"`. What is left out follows the pool. */
export type AddOptions = Partial<Omit<NumberStartInput, 'phoneNumber' | 'chartVersion'>> & {
  /** Who adds it, for auditors. */
  by?: string;
  /** A Registered number, too, whose customer has left and deleted it: it begins a new life, the earlier ones stay on record. */
  again?: boolean;
};

export interface AddedNumber {
  /** `exists`: it was in the pool already and goes on as it was, whatever the options. */
  outcome: 'added' | 'exists';
  /** Digits. */
  phoneNumber: string;
  portfolioId: string;
  state: NumberState;
  workflowId: string;
  runId: string;
}

/**
 * Starts a number's life, once: its workflow ID is the number. `checkKeys` comes before anything is written.
 *
 * @throws {RefusedError} `InvalidMessage` before anything is written, `WrongPortfolio` where another pool has it
 */
export async function addNumber(
  client: Client,
  phoneNumber: string,
  { by, again = false, ...options }: AddOptions,
  checkKeys: () => Promise<void> = () => Promise.resolve(),
): Promise<AddedNumber> {
  const refused = (fault: string) =>
    new RefusedError('InvalidMessage', `${shown(phoneNumber)} was not added: ${fault}.`, shown(phoneNumber));
  // The start itself takes any digits that are possible: they are what this system hands on.
  const fault = typeof phoneNumber === 'string' ? phoneNumberFault(phoneNumber) : null;
  if (fault !== null) throw refused(`phoneNumber is ${notANumber}: ${fault}`);
  const input = { ...options, phoneNumber, chartVersion: latestChartVersion };
  const read = readStart(input);
  if (!read.ok) throw refused(read.fault);
  const { digits } = read.start.phoneNumber;
  checkedBy(by, digits);
  await checkKeys();
  if (again) await refuseUnlessGivenBack(client, digits);
  const stands = (run: Run) => isInPool(run) && !(again && run.state === 'Registered');
  if (writtenForms(digits).length > 1) {
    const run = await findRun(client, digits);
    if (run && stands(run)) return existing(run, read.start);
  }
  // Temporal itself lets a failed run be followed by a new one; a Removed or Rejected number has completed, and is looked at.
  let reuse: WorkflowIdReusePolicy = WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY;
  for (;;) {
    const runId = await start(
      client,
      { ...input, phoneNumber: digits } as NumberStartInput,
      read.start,
      by,
      reuse,
    );
    if (runId !== null) {
      const twin = await yieldToTwin(client, digits, runId, stands);
      if (twin) return existing(twin, read.start);
      return answer('added', digits, read.start.portfolioId, 'Added', runId);
    }
    const run = await findRunOf(client, digits);
    if (run && (run.status !== 'COMPLETED' || stands(run))) return existing(run, read.start);
    reuse = WorkflowIdReusePolicy.ALLOW_DUPLICATE;
  }
}

/**
 * A registered number is its customer's until they have left, as their workflow says. Whether they have deleted it, Meta
 * says when it is added: a number that stands on a WABA is refused.
 */
async function refuseUnlessGivenBack(client: Client, digits: string): Promise<void> {
  const run = await findRun(client, digits);
  if (run?.state !== 'Registered' || run.status !== 'COMPLETED') return;
  const holder = (await readHistory(client, run.digits, 60_000)).findLast(({ to }) => to === null);
  if (!holder) return;
  throw new RefusedError(
    'WrongState',
    `+${digits} is with ${holder.customerId === null ? 'a customer' : `the customer ${holder.customerId}`} on WABA ${holder.wabaId} since ${holder.from}. Once they have left ("preverified customers offboard ${holder.wabaId}") and deleted it, add it again.`,
    digits,
  );
}

/**
 * Two may add one number at once, each in another written form: the life that began first stays, and is given back.
 *
 * @param stands whether a run is in the way of a new one
 */
async function yieldToTwin(
  client: Client,
  digits: string,
  runId: string,
  stands: (run: Run) => boolean,
): Promise<Run | null> {
  const [, other] = writtenForms(digits);
  const twin = other === undefined ? null : await findRunOf(client, other);
  const own = twin && stands(twin) ? await findRunOf(client, digits) : null;
  if (!twin || own?.runId !== runId) return null;
  const lead = twin.startedAt - own.startedAt || twin.digits.length - digits.length;
  if (lead > 0) return null;
  await client.workflow
    .getHandle(workflowIdOf(digits), runId)
    .terminate(`+${digits} is in the pool already, in its other written form: +${twin.digits}`);
  return twin;
}

/** How a number's workflow is started, whoever starts it. */
export const startOptions = (
  input: NumberStartInput,
  { phoneNumber, portfolioId }: NumberStart,
  by: string | undefined,
) => ({
  workflowId: workflowIdOf(phoneNumber.digits),
  taskQueue: NUMBERS_TASK_QUEUE,
  args: [input],
  typedSearchAttributes: firstAttributes(portfolioId, phoneNumber.country),
  // In every number's memo something is encrypted, so that a list tells which cannot be read.
  memo: { addedBy: by ?? 'unnamed' },
  staticSummary: `${phoneNumber.e164} · ${phoneNumber.country} · portfolio ${portfolioId}`,
  staticDetails: details(phoneNumber.e164, portfolioId, by),
});

/** The run's ID, or `null` where the number has a run that stands in the way. */
async function start(
  client: Client,
  input: NumberStartInput,
  start: NumberStart,
  by: string | undefined,
  workflowIdReusePolicy: WorkflowIdReusePolicy,
): Promise<string | null> {
  try {
    const handle = await client.workflow.start('numberLifecycle', {
      ...startOptions(input, start, by),
      workflowIdReusePolicy,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    });
    return handle.firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

function existing({ digits, runId, state, attributes }: Run, start: NumberStart): AddedNumber {
  const portfolioId = attributes.PortfolioId ?? start.portfolioId;
  if (portfolioId !== start.portfolioId) {
    throw new RefusedError(
      'WrongPortfolio',
      `+${digits} was not added to portfolio ${start.portfolioId}: it belongs to portfolio ${portfolioId}, where it is ${String(state)}.`,
      digits,
    );
  }
  return answer('exists', digits, portfolioId, state ?? 'Added', runId);
}

function answer(
  outcome: AddedNumber['outcome'],
  digits: string,
  portfolioId: string,
  state: NumberState,
  runId: string,
): AddedNumber {
  return { outcome, phoneNumber: digits, portfolioId, state, workflowId: workflowIdOf(digits), runId };
}

/** What the Temporal UI says about the workflow for good, as Markdown. */
const details = (e164: string, portfolioId: string, by: string | undefined) =>
  `The whole life of **${e164}**, a pre-verified WhatsApp number in the pool of business portfolio ${portfolioId}: added, verified and kept verified, claimed by a customer, registered for Cloud API.

The current details say where it stands and what you can send it. Signals and updates are listed by name, each with its fields; an update answers, a signal does not.${by === undefined ? '' : `\n\nAdded by ${by}.`}${lastLine}`;
