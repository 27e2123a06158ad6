import type { PortfolioId } from './ids';
import type { Instant } from './number-record';
import { webhookEventId, type WebhookEvent } from './webhook-events';

/** Days of policy, as all periods of days. */
export const EXPIRES_SOON = 7;
export const REGISTER_SOON = 14;

/** What a look over the pool hands to the next one. */
export interface OpenAlerts {
  /** When it was; `null` before the first, which says to numbers that have lived already that others are told now. */
  at: Instant | null;
  /** Occasions for a warning that stand: each has been told of. */
  alerts: string[];
}

/** Why there is a warning: as long as it stands, it is told of once. */
export interface Alert {
  key: string;
  event: WebhookEvent;
}

/** A number as Temporal's list has it. */
export interface NumberAtRisk {
  phoneNumber: string;
  state: string;
  country: string | null;
  wabaId: string | null;
  customerId: string | null;
  verificationExpiresAt: Instant | null;
  nextDeadline: Instant | null;
  /** The problem's code. */
  problem: string | null;
}

/** Renewals begin weeks before: one that expires soon could not be renewed. */
export const expiresSoon = (portfolioId: PortfolioId, number: NumberAtRisk, at: number): Alert =>
  ofNumber('expires_soon', portfolioId, number, number.verificationExpiresAt ?? '', at);

export const registerSoon = (portfolioId: PortfolioId, number: NumberAtRisk, at: number): Alert =>
  ofNumber('register_soon', portfolioId, number, number.nextDeadline ?? '', at);

function ofNumber(
  what: 'expires_soon' | 'register_soon',
  portfolioId: PortfolioId,
  number: NumberAtRisk,
  deadline: Instant,
  at: number,
): Alert {
  const id = webhookEventId(number.phoneNumber, what, deadline);
  const data = { ...number, portfolioId };
  return { key: id, event: { ...warning(at), id, type: `warning.${what}`, data } };
}

/** Fewer verified, free numbers of a country than there must be. */
export const stockLow = (
  portfolioId: PortfolioId,
  stock: { country: string; free: number; minimum: number },
  at: number,
): Alert => ({
  key: `stock:${stock.country}`,
  event: {
    ...warning(at),
    id: webhookEventId(portfolioId, `stock_${stock.country}`, at),
    type: 'warning.stock_low',
    data: { portfolioId, ...stock },
  },
});

const warning = (at: number) => ({ at: new Date(at).toISOString(), partnerBusinessId: null });
