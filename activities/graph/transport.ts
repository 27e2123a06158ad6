import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import fetch, { FetchError } from 'node-fetch';
import { describeRequest, type GraphRequest } from './send';
import { NoAnswerError } from './no-answer-error';
import { readAnswer } from './read-answer';
import { secretsIn } from './redact';

export interface TransportOptions {
  /** `https://graph.facebook.com` */
  baseUrl: string;
  /** `v24.0` */
  version: string;
  /** Signs every call with `appsecret_proof`, for apps that require it. */
  appSecret?: string | undefined;
  /** Milliseconds for a whole call, from look-up to the last byte; default 30 seconds. */
  timeout?: number | undefined;
  /** Bytes of an answer that are read at most; default 5 MB. */
  maxAnswerSize?: number | undefined;
}

/** Errors of look-up, connection and handshake: nothing of the request has left. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ERR_TLS_.*|CERT_.*|.*_CERT|.*_CERT_.*|UNABLE_TO_.*)$/;

/**
 * Makes Graph calls over HTTP: takes a request and the access token to make it with, returns the JSON of its answer, throws this folder's errors. The token
 * travels in the `Authorization` header alone, for errors and proxies' logs hold addresses.
 */
export function createTransport(options: TransportOptions) {
  const { appSecret, timeout = 30_000, maxAnswerSize = 5_000_000 } = options;
  const base = new URL(`${options.version}/`, withSlash(options.baseUrl));
  const proofOf = (token: string) => appSecret && createHmac('sha256', appSecret).update(token).digest('hex');
  const { Agent } = base.protocol === 'https:' ? https : http;
  const kept = new Agent({ keepAlive: true, timeout: 4_000 });
  // The other side may close a kept connection just as a request is sent on it, and nobody knows what came of it. A
  // reading call can be repeated; a writing call gets a connection of its own.
  const fresh = new Agent({ keepAlive: false });

  return async function send(
    request: GraphRequest,
    accessToken: string,
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const { method, token = accessToken } = request;
    const call = describeRequest(request);
    // Meta asks for the proof where a user's or a system user's token is used, not where the app shows its own.
    const proof = token === accessToken ? proofOf(accessToken) : undefined;
    const params = asForm({ ...request.params, appsecret_proof: proof });
    const url = new URL(request.path, base);
    if (method !== 'POST') url.search = params.toString();
    const timeUp = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url.href, {
        method,
        headers: {
          accept: 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(method === 'POST' ? { body: params } : {}),
        agent: method === 'GET' ? kept : fresh,
        redirect: 'manual',
        size: maxAnswerSize,
        // node-fetch's types take no AbortSignal of Node's: https://github.com/node-fetch/node-fetch/issues/1652
        signal: (signal ? AbortSignal.any([signal, timeUp]) : timeUp) as never,
      });
      const secrets = [accessToken, token ?? '', appSecret ?? '', proof ?? '', ...secretsIn(request.params)];
      return await readAnswer(response, call, secrets);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        signal?.throwIfAborted();
        throw new NoAnswerError(call, `nothing within ${String(timeout)} ms`, 'unknown');
      }
      throw error instanceof FetchError ? noAnswer(error, call) : error;
    }
  };
}

/** The message of a `FetchError` holds the whole address with its query, so only its code is kept. */
function noAnswer(error: FetchError, call: string): NoAnswerError {
  const code = error.code ?? error.type;
  return new NoAnswerError(call, code, NEVER_LEFT.test(code) ? 'notSent' : 'unknown');
}

function asForm(params: GraphRequest['params'] = {}): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') form.append(name, value);
  }
  return form;
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);
