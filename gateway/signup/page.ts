import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

export interface PageSettings {
  /** Of the Meta app that the popup is opened for. */
  appId: string;
  /** Another address than `https://graph.facebook.com` stands in for Meta: it serves the SDK and the popup, too. */
  graphUrl: string;
  graphVersion: string;
}

const meta = {
  graph: 'https://graph.facebook.com',
  sdk: 'https://connect.facebook.net/en_US/sdk.js',
  // Exactly these: a test for the ending "facebook.com" admits evilfacebook.com.
  origins: ['https://www.facebook.com', 'https://web.facebook.com'],
};

/** `GET /signup`: one page for everybody, opened with a session's token behind `#`, which browsers send to no server. */
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

/** Allows what Meta's SDK needs and nothing else. No other page may frame this one and have its button clicked. */
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

/** The browser's files are not compiled: a gateway that runs from `dist/` reads them from the sources. */
function asset(file: string): string {
  const beside = path.join(__dirname, 'page', file);
  const place = existsSync(beside) ? beside : path.join(__dirname, '../../../gateway/signup/page', file);
  return readFileSync(place, 'utf8');
}
