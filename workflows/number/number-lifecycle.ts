import {
  ApplicationFailure,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { messageDescriptions, messageNames } from '../../contract/messages';
import type { NumberRecord, TakenCode } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import { latestChartVersion } from '../../contract/chart-version';
import { NumberLife, type Carried } from './number-life';
import { readStart, type NumberStartInput } from '../../contract/number-start';

export const getNumber = defineQuery<NumberRecord>('getNumber');

/** From the look over the pool, to numbers that lived before anybody was to be told. */
export const setWebhooks = defineSignal<[unknown]>('setWebhooks');

/**
 * The whole life of one phone number, from `Added` to its end, under the workflow ID `number:<digits>`.
 *
 * @param carried what an earlier run of the same number handed on; never given by a caller
 * @returns the number's record, once it is Registered, Removed or Rejected
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function numberLifecycle(input: NumberStartInput, carried?: Carried): Promise<NumberRecord> {
  const read = readStart(input);
  if (!read.ok) throw invalid(`The number was not started: ${read.fault}.`);
  const { phoneNumber, chartVersion } = read.start;
  const expected = workflowIdOf(phoneNumber.digits);
  if (workflowInfo().workflowId !== expected) {
    throw invalid(
      `The number was not started: its workflow ID must be ${expected}, so that it has only one life.`,
    );
  }

  const life = new NumberLife(read.start, carried);

  setHandler(getNumber, () => life.record(), {
    description: 'The number as it stands: state, deadline, claim, problem.',
  });
  for (const name of messageNames) {
    const description = messageDescriptions[name];
    setHandler(defineSignal<[unknown]>(name), (payload) => life.signal(name, payload), { description });
    setHandler(
      defineUpdate<NumberRecord | TakenCode, [unknown]>(name),
      (payload) => life.update(name, payload),
      {
        description,
        validator: (payload) => {
          life.validate(name, payload);
        },
      },
    );
  }
  setHandler(
    setWebhooks,
    (payload) => {
      life.startDeliveries(isOn(payload));
    },
    { description: 'Whether the endpoints of WEBHOOK_ENDPOINTS are told from now on. {"on": true}' },
  );
  setDefaultSignalHandler((name, payload) => {
    const message = `There is no message of this name; there are ${messageNames.join(', ')}.`;
    life.noteRefusal(name, { type: 'InvalidMessage', message }, payload);
  });

  const end = await life.lived();
  if (end !== 'ended') {
    const next = end === 'outdated' ? latestChartVersion : chartVersion;
    await continueAsNew<typeof numberLifecycle>({ ...input, chartVersion: next }, life.carry(next));
  }
  return life.record();
}

/** Whoever sends something else is no reason for a number to break down. */
const isOn = (payload: unknown) => (payload as { on?: unknown } | null | undefined)?.on === true;

const invalid = (message: string) =>
  ApplicationFailure.create({ type: 'InvalidMessage', message, nonRetryable: true });
