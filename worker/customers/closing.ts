import type { Client } from '@temporalio/client';
import { whoHad } from '../../audit/who';
import { keepRecords } from '../../client/records/keep-records';
import type { CustomerActivities, TokenState } from '../../contract/customer-activities';
import type { WabaId } from '../../contract/ids';
import { appendRelease, findHoldings, type Records } from '../../records';
import { readable } from '../records/records-activities';

/** What records hold of a customer's token. */
export const tokensOf = ({ customerTokens }: Records) => {
  const state = async (wabaId: WabaId): Promise<TokenState> => {
    const held = await customerTokens.held(wabaId);
    return {
      held: held !== null,
      expiresAt: held?.expiresAt == null ? null : Date.parse(held.expiresAt),
      problem: held?.invalidSince == null ? null : (held.problem ?? 'Meta refuses it.'),
    };
  };
  return {
    state: (wabaId: WabaId) => readable(() => state(wabaId)),
    check: (wabaId: WabaId, look: (token: string) => Promise<{ valid: boolean }>) =>
      readable(async () => {
        const held = await customerTokens.of(wabaId);
        if (held && !(await look(held.token)).valid)
          await customerTokens.invalid(
            wabaId,
            'Meta says that it is not valid any more.',
            new Date().toISOString(),
          );
        return state(wabaId);
      }),
  };
};

/** Destroys the token, then closes what records say the customer holds. Safe to repeat. */
export const createClosingActivity = ({
  client,
  records,
  webhooks,
}: {
  client: Client;
  records: Records;
  webhooks: boolean;
}): Pick<CustomerActivities, 'closeCustomer'> => ({
  closeCustomer: ({ wabaId, reason, by }) =>
    readable(async () => {
      await records.customerTokens.destroy(wabaId, new Date().toISOString());
      const open = async () =>
        (await findHoldings(records, { wabaId })).filter((one) => one.wabaId === wabaId && one.to === null);
      const all = (await whoHad(client, records, { wabaId })).filter(
        (one) => one.wabaId === wabaId && one.to === null,
      );
      // What has ended in Temporal alone must be in records before its end can follow there.
      const ended = all.filter(({ state }) => state === 'Registered');
      if (ended.length > (await open()).length) await keepRecords(client);
      const closed: string[] = [];
      for (const { phoneNumber } of await open()) {
        await appendRelease(records, { phoneNumber, reason: `WABA ${wabaId} has left: ${reason}`, by });
        closed.push(phoneNumber);
      }
      return { webhooks, numbers: closed };
    }),
});
