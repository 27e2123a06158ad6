import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Fastify from 'fastify';
import { Webhook } from 'standardwebhooks';
import { keepRawBodies, rawBody } from '../../gateway/raw-body';

/** What a webhook brings, as far as the play goes by it (docs/webhooks.md). */
export interface News {
  type: string;
  timestamp: string;
  data: { phoneNumber?: string; country?: string };
}

/** A shop's own server, an endpoint that is told how numbers end and what needs a person. */
export class Listener {
  readonly #heard = new Map<string, News>();
  readonly #arrivals = new EventEmitter();
  /** What to do with each piece of news. */
  onNews: (news: News) => void = () => undefined;

  private constructor(
    /** For `WEBHOOK_ENDPOINTS`. */
    readonly endpointsFile: string,
    private readonly server: { close(): Promise<void> },
  ) {
    this.#arrivals.setMaxListeners(100);
  }

  static async start(): Promise<Listener> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const webhook = new Webhook(secret);
    const server = Fastify();
    keepRawBodies(server);
    server.post('/news', async ({ headers, body }, reply) => {
      const news = webhook.verify(rawBody(body), headers as Record<string, string>) as News;
      listener.#hear(String(headers['webhook-id']), news);
      return reply.code(204).send();
    });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const listener = new Listener(writeEndpoints(`${url}/news`, secret), server);
    return listener;
  }

  /** Settles once it has been told; rejects after a time. */
  async hears(type: string, phoneNumber: string): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    const isIt = (news: News) => news.type === type && news.data.phoneNumber === phoneNumber;
    while (![...this.#heard.values()].some(isIt)) await once(this.#arrivals, 'news', { signal });
  }

  close(): Promise<void> {
    return this.server.close();
  }

  #hear(id: string, news: News): void {
    if (this.#heard.has(id)) return;
    this.#heard.set(id, news);
    this.onNews(news);
    this.#arrivals.emit('news');
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
