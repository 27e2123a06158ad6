import type { PhoneNumberId } from '../contract/ids';
import type { Attempt } from './attempt';
import { GraphError, type GraphClient } from './graph';
import type { NumberActivities } from '../contract/number-activities';

type RegisterNumber = NumberActivities['registerNumber'];

const HOUR = 60 * 60 * 1000;

/** Ten registrations and deregistrations a number has in 72 hours: retries slow down so fast that they never use up more. */
export const registrationPace = (attempt: number) => Math.min(10_000 * 12 ** (attempt - 1), 12 * HOUR);

/** Registers the number; after a lost answer it reads first. */
export async function registerNumber(
  { graph, retried }: Attempt,
  { phoneNumberId, pin, dataLocalizationRegion }: Parameters<RegisterNumber>[0],
): Promise<void> {
  if (retried && (await graph.getPhoneNumber(phoneNumberId)).registered) return;
  const register = () => graph.registerPhoneNumber(phoneNumberId, pin, dataLocalizationRegion);
  try {
    await register();
  } catch (error) {
    if (!asks(error, 'deregisterAgain')) throw error;
    await deregister(graph, phoneNumberId);
    await register();
  }
}

async function deregister(graph: GraphClient, id: PhoneNumberId): Promise<void> {
  try {
    await graph.deregisterPhoneNumber(id);
  } catch (error) {
    // "Not registered" is what was wanted.
    if (!asks(error, 'registerFirst')) throw error;
  }
}

const asks = (error: unknown, handling: GraphError['handling']) =>
  error instanceof GraphError && error.handling === handling;
