import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

export interface Received {
  id: string;
  body: { type: string; timestamp: string; data: Record<string, any> };
}

type Answer = number | { status: number; headers: Record<string, string> };

/** A server that receives webhooks; it answers 401 to those that are not signed with its secret. */
export class Receiver {
  readonly received: Received[] = [];
  /** Its next answers, in this order; 204 when none is left. */
  readonly answers: Answer[] = [];
  /** Every request, with its time in epoch milliseconds, whatever the answer was. */
  readonly requests: { id: string; at: number }[] = [];
  readonly #arrivals = new EventEmitter();
  #server: http.Server | null = null;
  #port = 0;

  constructor(public secret = newSecret()) {
    this.#arrivals.setMaxListeners(100);
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}/hooks`;
  }

  /** Listens, after a restart on the same port as before. */
  async up(): Promise<this> {
    this.#server = http.createServer((request, response) => void this.#receive(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async down(): Promise<void> {
    this.#server?.closeAllConnections();
    if (this.#server?.listening) await new Promise((done) => this.#server?.close(done));
  }

  /** Waits for the first webhook of that type about a number or a country. */
  async receives(type: string, subject?: string): Promise<Received> {
    for (;;) {
      const found = this.about(subject).find(({ body }) => body.type === type);
      if (found) return found;
      await this.next();
    }
  }

  /** Waits for the next webhook. */
  async next(): Promise<void> {
    await once(this.#arrivals, 'webhook');
  }

  about(subject?: string): Received[] {
    return this.received.filter(
      ({ body: { data } }) =>
        subject === undefined || data['phoneNumber'] === subject || data['country'] === subject,
    );
  }

  types(subject?: string): string[] {
    return this.about(subject).map(({ body }) => body.type);
  }

  async #receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const id = String(request.headers['webhook-id']);
    this.requests.push({ id, at: Date.now() });
    const raw = await text(request);
    const answer = this.answers.shift() ?? 204;
    const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    try {
      const body = new Webhook(this.secret).verify(raw, request.headers as Record<string, string>);
      response.writeHead(status, headers).end();
      if (status >= 300) return;
      this.received.push({ id, body: body as Received['body'] });
      this.#arrivals.emit('webhook');
    } catch {
      response.writeHead(401).end();
    }
  }
}
