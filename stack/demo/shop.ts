import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Fastify from 'fastify';
import { Webhook } from 'standardwebhooks';
import { keepRawBodies, rawBody } from '../../gateway/body';

/** A webhook event, as far as the demo reads it (docs/webhooks.md). */
export interface ReceivedEvent {
  type: string;
  timestamp: string;
  data: { phoneNumber?: string; wabaId?: string; country?: string };
}

/** A shop's own server: a webhook endpoint for how numbers end and for what needs a person. */
export class Shop {
  readonly #received = new Map<string, ReceivedEvent>();
  readonly #arrivals = new EventEmitter();
  /** Called with each event, once. */
  onEvent: (event: ReceivedEvent) => void = () => undefined;

  private constructor(
    /** For `WEBHOOK_ENDPOINTS`. */
    readonly endpointsFile: string,
    private readonly server: { close(): Promise<void> },
  ) {
    this.#arrivals.setMaxListeners(100);
  }

  static async open(): Promise<Shop> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const webhook = new Webhook(secret);
    const server = Fastify();
    keepRawBodies(server);
    server.post('/webhooks', async ({ headers, body }, reply) => {
      const event = webhook.verify(rawBody(body), headers as Record<string, string>) as ReceivedEvent;
      shop.#receive(String(headers['webhook-id']), event);
      return reply.code(204).send();
    });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const shop = new Shop(writeEndpoints(`${url}/webhooks`, secret), server);
    return shop;
  }

  /** Settles once it has received the event, before or after; rejects after half a minute. */
  async receives(type: string, phoneNumber: string): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    const isIt = (event: ReceivedEvent) => event.type === type && event.data.phoneNumber === phoneNumber;
    while (![...this.#received.values()].some(isIt)) await once(this.#arrivals, 'event', { signal });
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** A delivery may come twice, with the same ID. */
  #receive(id: string, event: ReceivedEvent): void {
    if (this.#received.has(id)) return;
    this.#received.set(id, event);
    this.onEvent(event);
    this.#arrivals.emit('event');
  }
}

function writeEndpoints(url: string, secret: string): string {
  const file = path.resolve('.local/demo-endpoints.json');
  const events = ['number.registered', 'number.unverified', 'number.removed', 'number.rejected', 'warning.*'];
  const shop = { name: 'shop', url, secrets: [secret], events, allowHttp: true, allowPrivateAddress: true };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ endpoints: [shop] }), { mode: 0o600 });
  return file;
}
