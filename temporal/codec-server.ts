import { isIP } from 'node:net';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Settings } from '../settings';
import { DecryptionError, EncryptionCodec } from './encryption-codec';
import { listen } from './listen';
import { PayloadsJson, toPayloadsJson } from './payloads-json';
import { sameSecret } from './same-secret';
import { StartError } from '../settings/start-error';

/** Above what Temporal carries in one message (4 MB), written in base64. */
const bodyLimit = 8 * 1024 * 1024;

export interface CodecServer {
  /** What the Temporal UI and CLI take as their codec endpoint, `http://127.0.0.1:8234`. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves Temporal's codec protocol, with which the Temporal UI and CLI show and send encrypted payloads:
 * `POST …/decode` and `POST …/encode` of `{payloads: […]}` in proto3 JSON.
 *
 * @throws {StartError} without keys, without a token on an address that others can reach, or if it cannot listen there
 */
export async function startCodecServer(settings: Settings<'payloads' | 'codec'>): Promise<CodecServer> {
  const { payloads, codec } = settings;
  if (payloads.keys.length === 0) {
    throw new StartError(
      'PAYLOAD_KEYS is empty, so there is nothing to decode with',
      'set it to the key ring that the worker has',
    );
  }
  if (codec.token === null && !isLoopback(codec.host)) {
    throw new StartError(
      `CODEC_TOKEN is missing, and others can reach CODEC_HOST ${codec.host}`,
      'set it to a secret that the UI is to send, or leave CODEC_HOST unset to serve this machine alone',
    );
  }
  const server = await codecServer(settings);
  const url = await listen(server, codec, 'The codec server', 'CODEC');
  return { url, close: () => server.close() };
}

async function codecServer({ payloads, codec }: Settings<'payloads' | 'codec'>): Promise<FastifyInstance> {
  const server = Fastify({ bodyLimit, forceCloseConnections: true });
  // A page of a foreign origin is refused, not only left without CORS headers: by rebinding its name to this machine it
  // would need none.
  server.addHook('onRequest', async ({ headers }, reply) => {
    if (headers.origin !== undefined && !codec.origins.includes(headers.origin)) {
      await reply.code(403).send({ message: `${headers.origin} is not among CODEC_ORIGINS` });
    }
  });
  await server.register(cors, {
    origin: codec.origins,
    methods: ['POST'],
    allowedHeaders: ['content-type', 'x-namespace', 'authorization', 'authorization-extras'],
    credentials: true,
    maxAge: 600,
  });
  server.addHook('onRequest', async ({ headers }, reply) => {
    if (codec.token !== null && !sameSecret(headers.authorization ?? '', `Bearer ${codec.token}`)) {
      await reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ message: 'the header Authorization must be "Bearer" and CODEC_TOKEN' });
    }
  });
  server.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const refused = error instanceof DecryptionError || error instanceof v.ValiError;
    const status = refused ? 400 : (error.statusCode ?? 500);
    await reply.code(status).send({ message: error.message });
  });

  const encryption = new EncryptionCodec(payloads.keys);
  // Only the last part of the path counts, so that a proxy may mount it anywhere.
  server.post<{ Params: { '*': string } }>('/*', async ({ params, body }, reply) => {
    const action = params['*'].split('/').at(-1);
    if (action !== 'encode' && action !== 'decode') {
      reply.callNotFound();
      return reply;
    }
    const { payloads: given } = v.parse(PayloadsJson, body);
    return toPayloadsJson(await encryption[action](given));
  });
  return server;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
