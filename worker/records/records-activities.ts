import { ApplicationFailure } from '@temporalio/activity';
import { Runtime } from '@temporalio/worker';
import { DamagedEntryError, keptRegistration } from '../../audit/kept-registration';
import { whoHad } from '../../audit/who';
import type { RecordsActivities } from '../../contract/records-activities';
import { RecordsError } from '../../records';
import { DecryptionError } from '../../temporal/encryption-codec';
import { keepPage, type Keeper } from './keep-page';

/** The activities that write and read records, for a worker of the numbers' task queue. */
export const createRecordsActivities = (keeper: Keeper): RecordsActivities => ({
  keepPage: (input) => asActivityFailure(() => keepPage(keeper, input)),
  readHoldings: ({ phoneNumber }) =>
    asActivityFailure(() => whoHad(keeper.client, keeper.records, { phoneNumber })),
  readRegistration: (input) =>
    asActivityFailure(() =>
      keptRegistration(keeper.records, keeper.client.options.loadedDataConverter, input),
    ),
});

/**
 * Turns a fault of the records into an activity failure: one that Temporal tries again while a person mends disk or database,
 * and a final one where the worker lacks the key.
 */
export async function asActivityFailure<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    // Another try brings no key, and mends no entry.
    if (error instanceof DecryptionError || error instanceof DamagedEntryError)
      throw ApplicationFailure.nonRetryable(error.message, 'Unreadable');
    if (!(error instanceof RecordsError)) throw error;
    Runtime.instance().logger.error(error.message);
    throw ApplicationFailure.create({ type: 'RecordsUnavailable', message: error.message });
  }
}
