import type { PhoneNumberId } from '../contract/ids';
import type { NumberActivities } from '../contract/number-activities';
import type { Attempt } from './attempt';
import { makePin } from './claims';
import { isGraphError, type GraphClient } from './graph';

type RegisterNumber = NumberActivities['registerNumber'];

const HOUR = 60 * 60 * 1000;

/** Retries slow down so fast that they keep to ten registrations and deregistrations in 72 hours (docs/rules.md, Budgets). */
export const registrationPace = (attempt: number) => Math.min(10_000 * 12 ** (attempt - 1), 12 * HOUR);

/** Registers the number. After a lost answer it reads first, and then nobody knows whether the PIN is the one sent. */
export async function registerNumber(
  { customer: graph, retried, beginCounted }: Attempt,
  { phoneNumberId, pin, dataLocalizationRegion }: Parameters<RegisterNumber>[0],
): ReturnType<RegisterNumber> {
  if (retried && (await graph.getPhoneNumber(phoneNumberId)).registered) return { pinOurs: null };
  beginCounted();
  const register = async () => {
    const { pinSet } = await graph.registerPhoneNumber(phoneNumberId, pin, dataLocalizationRegion);
    return { pinOurs: pinSet };
  };
  try {
    return await register();
  } catch (error) {
    if (!isGraphError(error, 'deregisterAgain')) throw error;
    await deregister(graph, phoneNumberId);
    return await register();
  }
}

/** Sets another PIN. After a lost answer the next attempt sets one anew: the last one counts. */
export async function setPin(
  { customer: graph }: Attempt,
  { phoneNumberId, pin }: Parameters<NumberActivities['setPin']>[0],
): ReturnType<NumberActivities['setPin']> {
  const chosen = pin ?? makePin();
  await graph.setPin(phoneNumberId, chosen);
  return { pin: chosen };
}

async function deregister(graph: GraphClient, id: PhoneNumberId): Promise<void> {
  try {
    await graph.deregisterPhoneNumber(id);
  } catch (error) {
    // "Not registered" is what was wanted.
    if (!isGraphError(error, 'registerFirst')) throw error;
  }
}
