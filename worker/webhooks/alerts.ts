import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import type { Instant } from '../../contract/number-record';
import { webhookEventId, type WebhookEvent } from '../../contract/webhook-events';
import type { EndpointsFile } from '../../activities/webhooks/endpoints';
import {
  countFree,
  expiringBefore,
  registeringBefore,
  unreadableNumbers,
  type NumberAtRisk,
} from './at-risk';

/** Policy days before the expiry. Renewals begin weeks before: a number that expires this soon could not be renewed. */
const EXPIRES_SOON = 7;
/** Policy days before the deadline. */
const REGISTER_SOON = 14;

/** As long as its cause persists, an alert keeps its key and is delivered once. */
export interface Alert {
  key: string;
  event: WebhookEvent;
}

interface PoolToCheck {
  portfolioId: PortfolioId;
  stock: EndpointsFile['stock'];
  /** Length of a policy day in milliseconds. */
  policyDay: number;
}

/** All alerts of the pool that are open at `at`, in epoch milliseconds. */
export async function findAlerts(
  client: Client,
  { portfolioId, stock, policyDay }: PoolToCheck,
  at: number,
): Promise<Alert[]> {
  const expiring = await expiringBefore(client, portfolioId, at + EXPIRES_SOON * policyDay);
  const registering = await registeringBefore(client, portfolioId, at + REGISTER_SOON * policyDay);
  const unreadable = await unreadableNumbers(client, portfolioId);
  const free = await Promise.all(
    Object.entries(stock).map(async ([country, minimum]) => ({
      country,
      minimum,
      free: await countFree(client, portfolioId, country, at),
    })),
  );
  return [
    ...expiring.map((number) =>
      numberAlert('expires_soon', portfolioId, number, number.verificationExpiresAt, at),
    ),
    ...registering.map((number) =>
      numberAlert('register_soon', portfolioId, number, number.nextDeadline, at),
    ),
    ...unreadable.map(({ phoneNumber, keyId, startedAt }) => {
      const id = webhookEventId(phoneNumber, 'unreadable', startedAt);
      const data = { phoneNumber, portfolioId, keyId };
      return { key: id, event: { ...eventAt(at), id, type: 'warning.unreadable' as const, data } };
    }),
    ...free.filter((one) => one.free < one.minimum).map((one) => stockAlert(portfolioId, one, at)),
  ];
}

/** A number whose deadline moves gets a new alert. */
function numberAlert(
  what: 'expires_soon' | 'register_soon',
  portfolioId: PortfolioId,
  number: NumberAtRisk,
  deadline: Instant | null,
  at: number,
): Alert {
  const id = webhookEventId(number.phoneNumber, what, deadline ?? '');
  const data = { ...number, portfolioId };
  return { key: id, event: { ...eventAt(at), id, type: `warning.${what}`, data } };
}

const stockAlert = (
  portfolioId: PortfolioId,
  stock: { country: string; free: number; minimum: number },
  at: number,
): Alert => ({
  key: `stock:${stock.country}`,
  event: {
    ...eventAt(at),
    id: webhookEventId(portfolioId, `stock_${stock.country}`, at),
    type: 'warning.stock_low',
    data: { portfolioId, ...stock },
  },
});

const eventAt = (at: number) => ({ at: new Date(at).toISOString(), partnerBusinessId: null });
