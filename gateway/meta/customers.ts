import type { Client } from '@temporalio/client';
import { NumberPool, RefusedError } from '../../client';
import type { DepartureEvent } from '../../contract/customer-messages';
import type { BusinessId, PortfolioId, WabaId } from '../../contract/ids';
import type { Logger } from '../../settings/logger';
import { answerWithin, withDeadline } from '../signals';

const by = "Meta's webhook";

/**
 * What Meta says of customers reaches their workflows, which ask Meta before they do anything. Each settles once Temporal
 * holds it; `false` where the WABA is no customer's of ours.
 */
export interface CustomersAtMeta {
  /** @param businessId whose WABA it is: Meta signs what it says, and a browser does not */
  begin(wabaId: WabaId, businessId: BusinessId | null): Promise<void>;
  departed(told: { wabaId: WabaId; event: DepartureEvent; businessId: BusinessId | null }): Promise<boolean>;
  nameReviewed(told: { wabaId: WabaId; phoneNumber: string }): Promise<boolean>;
}

export function customersAtMeta(
  client: Client,
  portfolioId: PortfolioId | null,
  logger: Logger,
): CustomersAtMeta {
  const pool = new NumberPool(client, { answerWithin, ...(portfolioId !== null && { portfolioId }) });
  const isCustomer = async (tell: () => Promise<void>): Promise<boolean> => {
    try {
      await tell();
      return true;
    } catch (error) {
      if (error instanceof RefusedError && error.type === 'UnknownCustomer') return false;
      throw error;
    }
  };
  return {
    async begin(wabaId, businessId) {
      if (portfolioId === null)
        logger.warn({ wabaId }, 'the customer is not connected by itself: set PORTFOLIO_ID for the gateway');
      else
        await withDeadline(client, () =>
          pool.beginCustomer(wabaId, by, { ...(businessId && { businessId }) }),
        );
    },
    departed: ({ wabaId, event, businessId }) =>
      isCustomer(() =>
        pool.signalCustomer('reportDeparture', wabaId, { event, ...(businessId && { businessId }), by }),
      ),
    nameReviewed: ({ wabaId, phoneNumber }) =>
      isCustomer(() => pool.signalCustomer('refresh', wabaId, { phoneNumber, by })),
  };
}
