import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import type { AwaitedRequests } from './awaited-requests';

/** The way from a process to a server, on which a request can be lost, or its answer. */
export interface Link {
  port: number;
  close(): void;
}

/** @param connections that are open, both ways */
async function listen(server: net.Server, connections: Set<{ destroy(): void }>): Promise<Link> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const connection of connections) connection.destroy();
    },
  };
}

/**
 * A link of bytes.
 *
 * @param nameOf the request that begins with these bytes, `null` where none does
 */
export async function byteLink(
  to: { host: string; port: number },
  nameOf: (bytes: Buffer) => string | null,
  requests: AwaitedRequests,
): Promise<Link> {
  const open = new Set<{ destroy(): void }>();
  const server = net.createServer((process) => {
    const other = net.connect(to.port, to.host);
    let answerIsLost: (() => void) | null = null;
    for (const [from, peer] of [
      [process, other],
      [other, process],
    ] as const) {
      open.add(from);
      from
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(from);
          peer.destroy();
        });
    }
    process.on('data', (bytes: Buffer) => {
      const name = nameOf(bytes);
      const aimedAt = name === null ? null : requests.ask(name);
      if (aimedAt?.moment === 'lost') {
        aimedAt.hit();
        process.destroy();
        return;
      }
      if (aimedAt) answerIsLost = aimedAt.hit;
      other.write(bytes);
    });
    other.on('data', (bytes: Buffer) => {
      if (!answerIsLost) process.write(bytes);
      else {
        answerIsLost();
        process.destroy();
      }
    });
  });
  return listen(server, open);
}

/** `GET /v24.0/oauth/access_token`. */
export const httpRequest = (bytes: Buffer): string | null =>
  /^(GET|POST|DELETE) [^?\s]+/.exec(bytes.toString('latin1', 0, 300))?.[0] ?? null;

/** The first words of a statement; each is one write of the driver's, be it simple or prepared. */
export const sqlRequest = (bytes: Buffer): string | null =>
  /(?<=\0|^)(begin|commit|rollback|(select|insert|update|delete)\b[^\0]{0,300})/i
    .exec(bytes.subarray(5).toString('latin1'))?.[0]
    .slice(0, 70) ?? null;

/** What a worker asks again and again, and tells on its own. */
const polls = /\/(Poll|Respond|RecordActivityTaskHeartbeat|GetSystemInfo|Describe|GetClusterInfo|Shutdown)/;

/** A link of gRPC calls, named by their method. Polls pass without being counted. */
export async function grpcLink(address: string, requests: AwaitedRequests): Promise<Link> {
  const sessions = new Set<{ destroy(): void }>();
  const server = http2.createServer();
  server.on('session', (session) => {
    const other = http2.connect(`http://${address}`);
    // The server asks for a new connection every few minutes: so does the link then.
    other.on('goaway', () => session.close());
    for (const one of [session, other]) {
      sessions.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sessions.delete(one);
          session.destroy();
          other.destroy();
        });
    }
    session.on('stream', (stream: http2.ServerHttp2Stream, headers) => {
      const method = headers[':path'] ?? '';
      const aimedAt = polls.test(method) ? null : requests.ask(method.split('/').at(-1) ?? '');
      stream.on('error', () => undefined);
      if (aimedAt?.moment === 'lost') {
        aimedAt.hit();
        session.destroy();
        return;
      }
      if (other.closed || other.destroyed) {
        stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
        return;
      }
      const { [http2.constants.HTTP2_HEADER_AUTHORITY]: _, ...rest } = headers;
      const call = other.request(rest);
      call.on('error', () => stream.close(http2.constants.NGHTTP2_CANCEL));
      stream.on('close', () => call.close(http2.constants.NGHTTP2_CANCEL));
      stream.pipe(call);
      let trailers: http2.IncomingHttpHeaders = {};
      call.on('trailers', (sent) => (trailers = sent));
      call.on('response', (answer, flags) => {
        if (aimedAt) {
          aimedAt.hit();
          session.destroy();
        } else if (flags & http2.constants.NGHTTP2_FLAG_END_STREAM)
          stream.respond(answer, { endStream: true });
        else {
          stream.respond(answer, { waitForTrailers: true });
          stream.on('wantTrailers', () => stream.sendTrailers(trailers));
          call.pipe(stream);
        }
      });
    });
  });
  return listen(server, sessions);
}
