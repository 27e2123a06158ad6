import type { PortfolioId } from './ids';
import type { WebhookEvent, WebhookDelivery } from './webhook-events';
import type { OpenAlerts } from './alerts';

/** Begins to tell: finds out who wants the news, and starts a `tell` workflow for each. Safe to repeat. */
export interface WebhookActivities {
  /** `telling: false`: no worker has had endpoints for a while, nobody need be told from now on. */
  startDeliveries(input: { events: WebhookEvent[] }): Promise<{ webhooks: boolean }>;
  /**
   * Tells what stands of warnings at `at` (epoch milliseconds) and did not before; gives back what stands. `null`: no
   * worker has had endpoints for a while.
   */
  checkPool(input: { portfolioId: PortfolioId; before: OpenAlerts; at: number }): Promise<OpenAlerts | null>;
}

/** Endpoints are known by name, so that no address and no secret is written to Temporal. */
export interface DeliveryActivities {
  /** Posts the news, signed; a failure is retried. `leftOut`: the endpoint is in the file no more. */
  postWebhook(input: WebhookDelivery): Promise<'taken' | 'leftOut'>;
}
