import { createHmac } from 'node:crypto';
import type { Assumptions } from '../assumptions';
import type { Clock } from '../clock';
import type { App } from '../meta/app';

/** One change, as Meta tells it to an app. */
export interface Change {
  /** The WABA or the portfolio that the entry names. */
  entryId: string;
  /** `account_update`, `messages`, … */
  field: string;
  value: unknown;
}

/** What was posted to an app's callback. */
export interface Delivery extends Change {
  appId: string;
  /** ISO 8601, the simulator's clock. */
  at: string;
  /** HTTP status of the answer; `null` where none came. */
  status: number | null;
}

/** Posts signed webhooks as Meta does, each once: what repeats are like, tests post themselves. */
export class Deliveries {
  readonly #made: Delivery[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly assumptions: () => Assumptions,
  ) {}

  list(): Delivery[] {
    return [...this.#made];
  }

  /** @returns `null` for an app that has no callback or no secret to sign with */
  async post(app: App, change: Change): Promise<Delivery | null> {
    const { callbackUrl, secret } = app;
    if (callbackUrl === null || secret === null) return null;
    const body = this.#bodyOf(change);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const at = new Date(this.clock.now()).toISOString();
    const delivery: Delivery = { ...change, appId: app.id, at, status: null };
    this.#made.push(delivery);
    delivery.status = await fetch(callbackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    }).then(
      ({ status }) => status,
      () => null,
    );
    return delivery;
  }

  #bodyOf({ entryId, field, value }: Change): string {
    const { deliveryTime } = this.assumptions();
    const timed = deliveryTime === 'always' || (deliveryTime === 'exceptMessages' && field !== 'messages');
    const time = timed ? { time: Math.floor(this.clock.now() / 1000) } : {};
    const entry = [{ id: entryId, ...time, changes: [{ field, value }] }];
    return JSON.stringify({ object: 'whatsapp_business_account', entry });
  }
}
