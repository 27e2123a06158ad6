import { Runtime } from '@temporalio/worker';
import type { CustomersTokens } from '../../activities/whose-token';
import type { Client } from '@temporalio/client';
import { signalCustomer } from '../customers/of-numbers';
import type { Records } from '../../records';

/** The customers' tokens that records hold. One that Meta has refused is not shown to it again, until another is kept. */
export const customersTokens = (
  { customerTokens }: Pick<Records, 'customerTokens'>,
  client: Client,
): CustomersTokens => ({
  async tokenOf(wabaId) {
    const held = await customerTokens.of(wabaId);
    if (!held || held.invalidSince !== null) return null;
    const expired = held.expiresAt !== null && Date.parse(held.expiresAt) <= Date.now();
    return expired ? null : held;
  },
  async refused({ wabaId, keptAt }, { code, message, whatToDo }) {
    const problem = `Meta refuses the customer's token (code ${code}): ${message} ${whatToDo}`;
    const isNew = await customerTokens.invalid({ wabaId, keptAt }, problem, new Date().toISOString());
    if (!isNew) return;
    Runtime.instance().logger.warn(`WABA ${wabaId}: ${problem}`);
    await signalCustomer(client, wabaId, 'reportToken', { code, message: message.slice(0, 500), by: 'Meta' });
  },
  warn: (message) => {
    Runtime.instance().logger.warn(message);
  },
});
