import { connect } from '../temporal/connect';
import { createLogger } from '../settings/logger';
import { checkClientKeys } from '../temporal/check-keys';
import { checkNamespace } from '../temporal/namespace';
import { openRecords, type Records } from '../records';
import { checkSameRecords } from '../client/records/same-records';
import { findClaims } from '../client/reconcile/find-claims';
import { needs, readSettings } from '../settings';
import { environment, type Environment } from '../settings/environment';
import { startGateway, type Gateway } from '.';
import { takesCodes } from './routes';

/**
 * The gateway as `preverified gateway` runs it, with its own connection to Temporal.
 *
 * @returns the gateway, and the line to print when it is ready
 * @throws {StartError} if a setting is wrong, Temporal cannot be reached, or it cannot listen
 */
export async function openGateway(env: Environment = environment()): Promise<Gateway & { ready: string }> {
  const settings = readSettings(needs.gateway, env);
  const logger = createLogger(settings);
  const { client, connection, close: disconnect } = await connect(settings);
  let records: Records | null = null;
  const close = async () => {
    await records?.close();
    await disconnect();
  };
  try {
    await checkNamespace(connection, settings);
    await checkClientKeys(client);
    if (takesCodes(settings)) {
      records = await openRecords(settings);
      await checkSameRecords(client, records);
    }
    const gateway = await startGateway(settings, {
      client,
      logger,
      records,
      findClaims: (wabaId, requestId, options) => findClaims(client, wabaId, requestId, options),
    });
    return {
      ...gateway,
      ready: `preverified gateway ready: ${gateway.url} takes in ${gateway.open.join(', ') || 'nothing yet'}`,
      async close() {
        await gateway.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
