import { readStart } from '../../contract/number-start';
import { readMessage, type MessageName } from '../../contract/messages';
import type { NumberState } from '../../contract/number-record';
import { checkRegistered, wabaOf } from '../lifecycle/lives';
import { longestLife } from '../lifecycle/run-life';
import type { Customers } from '../stack/customers';
import { portfolioId, source } from '../stack/stack';
import { ask } from './server';

/**
 * Takes a number from its adding to its registration, as a service drives ours: each message is answered once its effect
 * is there. What our workflow reads of a message is read here, for a chart on Restate takes events as they are.
 */
export async function liveOnRestate(ingress: string, customers: Customers, number: string): Promise<void> {
  const signal = AbortSignal.timeout(longestLife);
  const call = (handler: string, body: object) =>
    ask(`${ingress}/number/${number}/${handler}`, body, signal) as Promise<{ value: string }>;

  const read = readStart({ phoneNumber: number, portfolioId });
  if (!read.ok) throw new Error(read.fault);
  await call('create', { input: { ...read.start, at: Date.now() } });
  const code = await customers.message(number);
  await call('waitFor', { condition: isIn('Verified'), event: event('submitCode', { code }) });
  const wabaId = wabaOf(number);
  const { phoneNumberId } = await customers.sim.claimNumber(number, wabaId);
  const claim = event('claim', { wabaId, phoneNumberId, source });
  const { value } = await call('waitFor', { condition: 'done', event: claim });
  checkRegistered(`+${number} on Restate`, value);
}

const isIn = (state: NumberState) => `hasTag:${state}`;

function event(type: MessageName, payload: object) {
  const read = readMessage(type, { ...payload, by: source });
  if (!read.ok) throw new Error(read.fault);
  return { ...read.message, type, at: Date.now() };
}
