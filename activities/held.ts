import type { Holding } from '../contract/holding';
import { sameNumber } from '../contract/phone-number';
import type { NumberActivities } from '../contract/number-activities';
import type { Attempt } from './attempt';
import { finalFailure } from './graph-failure';
import { findInPool } from './pool';

type Adding = Parameters<NumberActivities['addNumber']>[0];

/** What records know of who has a number. */
export interface Holders {
  /** Who has it; `null` for nobody. */
  holderOf: (phoneNumber: string) => Promise<Holding | null>;
  /** Puts on record that this customer has it no longer, for Meta shows it in the pool. Once more changes nothing. */
  givenBack: (holding: Holding) => Promise<void>;
}

/**
 * Refuses a number that a customer has, as records know for good. One that Meta shows in the pool has been given back,
 * whatever the records say: it is put on record.
 *
 * @throws {ApplicationFailure} that ends the number's life as Rejected, and says who has it and since when
 */
export async function refuseHeld(
  { graph }: Pick<Attempt, 'graph'>,
  { phoneNumber, portfolioId }: Adding,
  { holderOf, givenBack }: Holders,
  extra: { webhooks: boolean },
): Promise<void> {
  const holder = await holderOf(phoneNumber);
  if (!holder || !sameNumber(holder.phoneNumber, phoneNumber)) return;
  if (await findInPool(graph, portfolioId, phoneNumber)) return givenBack(holder);
  const { wabaId, customerId, from } = holder;
  throw finalFailure(`add ${phoneNumber} to the pool of portfolio ${portfolioId}`, {
    code: 'Held',
    message: `+${holder.phoneNumber} is with ${customerId === null ? 'a customer' : `the customer ${customerId}`} on WABA ${wabaId} since ${from}.`,
    handling: 'number',
    retryAfter: null,
    whatToDo: `If the number was given back, say so with "preverified records release +${holder.phoneNumber} --reason …", and add it again.`,
    ...extra,
  });
}
