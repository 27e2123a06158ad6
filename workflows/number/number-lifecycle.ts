import { continueAsNew, defineQuery, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { latestChartVersion } from '../../contract/chart-version';
import { messageDescriptions, type MessageName } from '../../contract/messages';
import type { NumberRecord, TakenCode } from '../../contract/number-record';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import { partnersIn, partnersMemo } from '../../contract/partners';
import { instant } from '../../contract/times';
import { workflowIdOf } from '../../contract/workflow-ids';
import { runLife } from '../interpreter/durable-chart';
import { invalid, LifeOnTemporal } from '../life/life-on-temporal';
import { callGraph } from './graph-calls';
import { NumberLife, type CarriedNumber } from './number-life';
import { contextOf } from './number-record';
import { callSummary, currentDetails, timerSummary } from './ui-text';

export const getNumber = defineQuery<NumberRecord>('getNumber');

/**
 * The whole life of one phone number, from `Added` to its end, under the workflow ID `number:<digits>`.
 *
 * @param carried what an earlier run of the same number handed on; never given by a caller
 * @returns the number's record, once it is Registered, Removed or Rejected
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function numberLifecycle(
  input: NumberStartInput,
  carried?: CarriedNumber,
): Promise<NumberRecord> {
  const read = readStart(input);
  if (!read.ok) throw invalid(`The number was not started: ${read.fault}.`);
  const { phoneNumber, portfolioId, chartVersion } = read.start;
  const expected = workflowIdOf(phoneNumber.digits);
  if (workflowInfo().workflowId !== expected) {
    throw invalid(
      `The number was not started: its workflow ID must be ${expected}, so that it has only one life.`,
    );
  }
  const life = new NumberLife(read.start, carried, Date.now());
  const number = new LifeOnTemporal(life, {
    call: (child) => callGraph(child, callSummary(child), portfolioId),
    timerSummary,
    details: () => currentDetails(life.chart, life.now, life.record(), Date.now()),
    attributes: () => life.attributes(),
    name: `+${phoneNumber.digits}`,
    publishMore() {
      const { sharedWith } = contextOf(life.now);
      if (sharedWith.join() !== partnersIn(workflowInfo().memo).join()) upsertMemo(partnersMemo(sharedWith));
    },
  });
  setHandler(getNumber, () => life.record(), {
    description: 'The number as it stands: state, deadline, claim, problem.',
  });
  number.receive(messageDescriptions, (name) => withTakenCode(life, name));

  const end = await runLife(number, { version: chartVersion, latest: latestChartVersion });
  if (end !== 'ended') {
    const next = end === 'outdated' ? latestChartVersion : chartVersion;
    await continueAsNew<typeof numberLifecycle>({ ...input, chartVersion: next }, number.carry(next));
  }
  return life.record();
}

/** The code that `takeCode` shows is gone from the number once it has acted. */
function withTakenCode(life: NumberLife, name: MessageName) {
  const kept = name === 'takeCode' ? contextOf(life.now).keptCode : null;
  return (record: NumberRecord): NumberRecord | TakenCode =>
    kept ? { ...record, code: kept.code, receivedAt: instant(kept.at) } : record;
}
