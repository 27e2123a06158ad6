import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

export interface PageSettings {
  /** Of the Meta app that the popup is opened for. */
  appId: string;
  /** `https://graph.facebook.com`; the popup and its SDK come from any other address in Meta's place. */
  graphUrl: string;
  graphVersion: string;
}

const meta = {
  graph: 'https://graph.facebook.com',
  sdk: 'https://connect.facebook.net/en_US/sdk.js',
  // Exactly these: who tests for the end "facebook.com" lets evilfacebook.com in.
  origins: ['https://www.facebook.com', 'https://web.facebook.com'],
};

/** `GET /signup`: the same page for everybody; its address ends with `#` and a session's token. */
export function signupPage(server: FastifyInstance, settings: PageSettings): void {
  const { sdk, origins } = popup(settings);
  const { appId, graphVersion } = settings;
  const json = JSON.stringify({ appId, graphVersion, sdk, origins, gateway: '' }).replaceAll('<', '\\u003c');
  const html = asset('page.html').replace('{}', () => json);
  const policy = contentPolicy(new URL(sdk).origin);
  server.get('/', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .send(html),
  );
  for (const [file, type] of [
    ['page.js', 'text/javascript'],
    ['page.css', 'text/css'],
  ] as const) {
    const text = asset(file);
    server.get(`/${file}`, (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text));
  }
}

function popup({ graphUrl }: PageSettings): { sdk: string; origins: string[] } {
  const { origin } = new URL(graphUrl);
  return origin === meta.graph ? meta : { sdk: `${origin}/sdk.js`, origins: [...meta.origins, origin] };
}

/** What Meta's SDK needs, and nothing else; no other page may frame this one and have its button clicked. */
function contentPolicy(sdkOrigin: string): string {
  const facebook = 'https://*.facebook.com';
  return [
    `default-src 'none'`,
    `script-src 'self' ${sdkOrigin}`,
    `connect-src 'self' ${facebook}`,
    `frame-src ${facebook}`,
    `img-src ${facebook} data:`,
    `style-src 'self' 'unsafe-inline'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** What browsers read is not compiled: a compiled gateway finds it beside its sources. */
function asset(file: string): string {
  const beside = path.join(__dirname, 'page', file);
  const place = existsSync(beside) ? beside : path.join(__dirname, '../../../gateway/signup/page', file);
  return readFileSync(place, 'utf8');
}
