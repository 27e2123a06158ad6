import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphClient, type GraphClientOptions } from '../../activities/graph';

/** One answer of the script: a JSON body or a raw text, or what a broken network does instead. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | 'reset'
  | 'silence'
  | 'halfAnswer';

export interface Received {
  method: string;
  path: string;
  query: Record<string, string>;
  form: Record<string, string>;
  headers: IncomingMessage['headers'];
}

/** An HTTP server that answers each request with the next line of a script, and remembers what it was asked. */
export class ScriptedGraph implements AsyncDisposable {
  readonly received: Received[] = [];
  private readonly script: Answer[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(...script: Answer[]): Promise<ScriptedGraph> {
    const graph = new ScriptedGraph();
    graph.script.push(...script);
    await new Promise<void>((resolve) => graph.server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  client(options: Partial<GraphClientOptions> = {}) {
    return createGraphClient({
      baseUrl: this.url,
      version: 'v24.0',
      accessToken: TOKEN,
      timeout: 5_000,
      ...options,
    });
  }

  /** Resolves when the next request has arrived. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** `POST /v24.0/1/request_code` for each request. */
  get calls(): string[] {
    return this.received.map(({ method, path }) => `${method} ${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const url = new URL(request.url ?? '', this.url);
    this.received.push({
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      form: Object.fromEntries(new URLSearchParams(body)),
      headers: request.headers,
    });
    this.waiting.splice(0).forEach((resolve) => {
      resolve();
    });
    const next = this.script.shift() ?? { status: 500, text: 'the script has ended' };
    if (next === 'silence') return;
    if (next === 'reset') {
      request.socket.resetAndDestroy();
    } else if (next === 'halfAnswer') {
      response.writeHead(200, { 'content-length': '100' }).write('{"succ', () => request.socket.destroy());
    } else {
      response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers });
      response.end(next.text ?? JSON.stringify(next.json));
    }
  }
}

export const TOKEN = 'EAAJBsecretTokenOfTheSystemUser';

/** An answer in Meta's error envelope. */
export const metaError = (
  code: number,
  more: {
    subcode?: number;
    message?: string;
    status?: number;
    transient?: boolean;
    headers?: Record<string, string>;
  } = {},
): Answer => ({
  status: more.status ?? 400,
  ...(more.headers ? { headers: more.headers } : {}),
  json: {
    error: {
      message: more.message ?? `(#${String(code)}) Something is wrong`,
      type: 'OAuthException',
      code,
      ...(more.subcode === undefined ? {} : { error_subcode: more.subcode }),
      ...(more.transient === undefined ? {} : { is_transient: more.transient }),
      fbtrace_id: 'AbCdEf123',
    },
  },
});

export const success: Answer = { json: { success: true } };

/** All of a list. */
export async function collect<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}
