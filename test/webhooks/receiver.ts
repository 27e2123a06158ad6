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

/** Somebody's server that takes webhooks; what is not signed with its secret is not taken. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers next, whatever it is told; 204 when none is left. */
  readonly answers: Answer[] = [];
  /** Every request, with its time in epoch milliseconds; refused ones too. */
  readonly requests: { id: string; at: number }[] = [];
  readonly #news = new EventEmitter();
  #server: http.Server | null = null;
  #port = 0;

  constructor(public secret = newSecret()) {
    this.#news.setMaxListeners(100);
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}/hooks`;
  }

  /** Listens, on the port that it had before if it had one. */
  async up(): Promise<this> {
    this.#server = http.createServer((request, response) => void this.#take(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async down(): Promise<void> {
    this.#server?.closeAllConnections();
    if (this.#server?.listening) await new Promise((done) => this.#server?.close(done));
  }

  /** The first thing of that type about the number, or the country; waits for it. */
  async takes(type: string, about?: string): Promise<Received> {
    for (;;) {
      const found = this.about(about).find(({ body }) => body.type === type);
      if (found) return found;
      await this.next();
    }
  }

  /** Until the next thing is taken. */
  async next(): Promise<void> {
    await once(this.#news, 'news');
  }

  about(what?: string): Received[] {
    return this.received.filter(
      ({ body: { data } }) => what === undefined || data['phoneNumber'] === what || data['country'] === what,
    );
  }

  types(about?: string): string[] {
    return this.about(about).map(({ body }) => body.type);
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
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
      this.#news.emit('news');
    } catch {
      response.writeHead(401).end();
    }
  }
}
