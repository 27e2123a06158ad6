import type { PortfolioId } from './ids';
import type { Instant } from './number-record';
import type { WebhookDelivery, WebhookEvent } from './webhook-events';

/** Work on webhooks that needs Temporal's client. */
export interface WebhookActivities {
  /**
   * Starts a `deliverWebhook` workflow for each event and each endpoint that subscribes to it. Safe to repeat.
   * `webhooks: false` says that no worker has had endpoints for a while: the number need not collect events any more.
   */
  startDeliveries(input: { events: WebhookEvent[] }): Promise<{ webhooks: boolean }>;
  /**
   * Finds the alerts that are open at `at` (epoch milliseconds), starts the deliveries of those that `before` does not
   * list, and returns all open ones. `null` says that no worker has had endpoints for a while.
   */
  checkPool(input: { portfolioId: PortfolioId; before: OpenAlerts; at: number }): Promise<OpenAlerts | null>;
}

export interface DeliveryActivities {
  /**
   * Posts the event, signed; a failed attempt is retried. The endpoint goes by its name, so that neither its address nor
   * its secrets are written to Temporal. `unknownEndpoint`: the endpoints file does not list it any more.
   */
  postWebhook(input: WebhookDelivery): Promise<'delivered' | 'unknownEndpoint'>;
}

/** Result of a check of the pool, and input of the next one. */
export interface OpenAlerts {
  /** When the check ran. `null` before the first one, which turns webhooks on for numbers that were added earlier. */
  at: Instant | null;
  /** Keys of the alerts whose cause persists. Each has been delivered once, as an event `warning.*`. */
  alerts: string[];
}
