import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { withHeartbeats } from '../../activities/heartbeats';
import { whoHad } from '../../audit/who';
import { NumberPool, RefusedError } from '../../client';
import { keepRecords } from '../../client/records/keep-records';
import type { CustomerActivities, TokenState } from '../../contract/customer-activities';
import type { Holding } from '../../contract/holding';
import type { WabaId } from '../../contract/ids';
import { finalStates } from '../../contract/number-record';
import { findHoldings, releaseAllOf, SealedTokenError, type HeldToken, type Records } from '../../records';
import { asActivityFailure } from '../records/records-activities';

type OpenedToken = HeldToken & { token: string };

/** What records hold of a customer's token. */
export const tokensOf = ({ customerTokens }: Records) => {
  const stateOf = (held: HeldToken | null): TokenState => ({
    held: held !== null,
    expiresAt: held?.expiresAt == null ? null : Date.parse(held.expiresAt),
    problem: held?.invalidSince == null ? null : (held.problem ?? 'Meta refuses it.'),
  });
  /** One that cannot be opened is of no use, and holds up nothing else that is read of the customer. */
  const read = async (wabaId: WabaId): Promise<{ token: OpenedToken | null; state: TokenState }> => {
    try {
      const token = await customerTokens.of(wabaId);
      return { token, state: stateOf(token) };
    } catch (error) {
      if (!(error instanceof SealedTokenError)) throw error;
      const state = stateOf(await customerTokens.held(wabaId));
      const unreadable = state.held && state.problem === null;
      return { token: null, state: unreadable ? { ...state, problem: error.message, unreadable } : state };
    }
  };
  return {
    state: (wabaId: WabaId) => asActivityFailure(async () => (await read(wabaId)).state),
    check: (wabaId: WabaId, look: (token: string) => Promise<{ valid: boolean }>) =>
      asActivityFailure(async () => {
        const { token, state } = await read(wabaId);
        if (!token || (await look(token.token)).valid) return state;
        const now = new Date().toISOString();
        await customerTokens.invalid(token, 'Meta says that it is not valid any more.', now);
        return stateOf(await customerTokens.held(wabaId));
      }),
  };
};

/**
 * Destroys the token, ends the lives of numbers that the customer has claimed and that are not registered, then closes what
 * records say the customer holds. What they brought and claimed after leaving was asked for is of the life that follows, and
 * stays. Safe to repeat.
 */
export const createClosingActivity = ({
  client,
  records,
  webhooks,
}: {
  client: Client;
  records: Records;
  webhooks: boolean;
}): Pick<CustomerActivities, 'closeCustomer'> => ({
  closeCustomer: ({ wabaId, reason, by, askedAt }) =>
    withHeartbeats(() =>
      asActivityFailure(async () => {
        const asked = new Date(askedAt).toISOString();
        await records.customerTokens.destroy(wabaId, new Date().toISOString(), asked);
        const why = `WABA ${wabaId} has left: ${reason}`;
        const ofWaba = (one: Holding) =>
          one.wabaId === wabaId && one.to === null && !isClaimedSince(one, asked);
        const failed: unknown[] = [];
        // Search attributes do not say when a number was claimed: by them, one of the life that follows would be ended.
        const held = (await whoHad(client, records, { wabaId }, (error) => failed.push(error))).filter(
          ofWaba,
        );
        const pool = new NumberPool(client, { by });
        const ended: Holding[] = [];
        for (const holding of held) {
          const { phoneNumber, state } = holding;
          try {
            if (!finalStates.includes(state)) await endClaim(pool, phoneNumber, wabaId, why);
            ended.push(holding);
          } catch (error) {
            // One that cannot be reached must not keep the others from being closed.
            failed.push(error);
          }
        }
        await keepUntil(client, async () => {
          const kept = await findHoldings(records, { wabaId });
          // Open or not: another customer's claim, which came since, may be kept too.
          return ended.every(({ phoneNumber, from }) =>
            kept.some((one) => one.phoneNumber === phoneNumber && one.from >= from),
          );
        });
        const closed = await releaseAllOf(records, wabaId, { reason: why, by }, ofWaba);
        if (failed.length > 0) throw failed[0];
        return { webhooks, numbers: closed };
      }),
    ),
});

/** Of a return that was put on record, and of a run that did not say when it was claimed, `from` is no claim's time. */
const isClaimedSince = ({ from, source }: Holding, time: string): boolean =>
  from > time && source !== 'return' && source !== 'searchAttributes';

/** A number that they have claimed and that is not registered; one that has ended meanwhile is left as it is. */
async function endClaim(pool: NumberPool, digits: string, wabaId: WabaId, why: string): Promise<void> {
  try {
    await pool.endClaim(digits, { wabaId, reason: why.slice(0, 500) });
  } catch (error) {
    const type = error instanceof RefusedError ? error.type : null;
    if (type !== 'WrongState' && type !== 'UnknownNumber') throw error;
  }
}

/**
 * Has what has ended in Temporal put into the records: only there can the end of a holding follow. Temporal's list, by which
 * closed runs are found, is a moment behind.
 */
async function keepUntil(client: Client, areKept: () => Promise<boolean>): Promise<void> {
  if (await areKept()) return;
  for (;;) {
    await keepRecords(client);
    if (await areKept()) return;
    await setTimeout(1_000);
  }
}
