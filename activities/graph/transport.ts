import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import fetch, { FetchError, type Response } from 'node-fetch';
import { readErrorEnvelope } from './error-envelope';
import { describeRequest, type GraphRequest } from './graph-request';
import { NoAnswerError } from './no-answer-error';
import { redact, secretsIn } from './redact';
import { UnreadableAnswerError } from './unreadable-answer-error';

export interface TransportOptions {
  /** `https://graph.facebook.com` */
  baseUrl: string;
  /** `v24.0` */
  version: string;
  accessToken: string;
  /** Signs every call with `appsecret_proof`, for apps that require it. */
  appSecret?: string | undefined;
  /** Milliseconds for a whole call, from look-up to the last byte; default 30 seconds. */
  timeout?: number | undefined;
  /** Bytes of an answer that are read at most; default 5 MB. */
  maxAnswerSize?: number | undefined;
}

/** Faults of look-up, connection and handshake: nothing of the request has left. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ERR_TLS_.*|CERT_.*|.*_CERT|.*_CERT_.*|UNABLE_TO_.*)$/;

/** Makes Graph calls over HTTP: one request in, the JSON of its answer out, faults as this folder's errors. */
export function createTransport(options: TransportOptions) {
  const { accessToken, appSecret, timeout = 30_000, maxAnswerSize = 5_000_000 } = options;
  const base = new URL(`${options.version}/`, withSlash(options.baseUrl));
  const proof = appSecret ? createHmac('sha256', appSecret).update(accessToken).digest('hex') : undefined;
  const { Agent } = base.protocol === 'https:' ? https : http;
  const kept = new Agent({ keepAlive: true, timeout: 4_000 });
  // A kept connection may be closed by the other side just as a request is sent on it, and nobody knows what came of
  // it: well enough for a reading call, while a writing one gets a connection of its own.
  const fresh = new Agent({ keepAlive: false });

  return async function send(request: GraphRequest, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const call = describeRequest(request);
    const params = new URLSearchParams(
      Object.entries({
        ...request.params,
        appsecret_proof: request.withoutToken ? undefined : proof,
      }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] satisfies [string, string]])),
    );
    const url = new URL(request.path, base);
    if (request.method !== 'POST') url.search = params.toString();
    const timeUp = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url.href, {
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(request.withoutToken ? {} : { authorization: `Bearer ${accessToken}` }),
        },
        ...(request.method === 'POST' ? { body: params } : {}),
        agent: request.method === 'GET' ? kept : fresh,
        redirect: 'manual',
        size: maxAnswerSize,
        signal: (signal ? AbortSignal.any([signal, timeUp]) : timeUp) as never,
      });
      const body = await readJson(response, call);
      const error = readErrorEnvelope(body, {
        call,
        usage: response.headers.get('x-business-use-case-usage'),
        secrets: [accessToken, appSecret ?? '', ...secretsIn(request.params), proof ?? ''],
      });
      if (error) throw error;
      if (response.status >= 500) throw new NoAnswerError(call, `HTTP ${String(response.status)}`, 'unknown');
      if (!response.ok) throw new UnreadableAnswerError(call, response.status, "it holds no error of Meta's");
      return body;
    } catch (error) {
      signal?.throwIfAborted();
      if (timeUp.aborted) throw new NoAnswerError(call, `nothing within ${String(timeout)} ms`, 'unknown');
      throw error instanceof FetchError ? noAnswer(error, call) : error;
    }
  };
}

async function readJson(response: Response, call: string): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    if (error instanceof FetchError && error.type === 'max-size') {
      throw new UnreadableAnswerError(call, response.status, 'it is too long');
    }
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (response.status >= 500) throw new NoAnswerError(call, `HTTP ${String(response.status)}`, 'unknown');
    throw new UnreadableAnswerError(call, response.status, 'it is not JSON');
  }
}

/** The message of a `FetchError` holds the whole address, so only its code is kept. */
function noAnswer(error: FetchError, call: string): NoAnswerError {
  const code = error.code ?? error.type;
  return new NoAnswerError(call, redact(code, []), NEVER_LEFT.test(code) ? 'notSent' : 'unknown');
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);
