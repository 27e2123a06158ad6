import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { accents } from './accent';
import { languageFor, readLanguages, type Texts } from './languages';

export interface PageSettings {
  /** Of the Meta app that the popup is opened for. */
  appId: string;
  /** Another address than `https://graph.facebook.com` stands in for Meta: it serves the SDK and the popup, too. */
  graphUrl: string;
  graphVersion: string;
  partner: Partner;
}

/** Whose face the page is; `null` for what is not set. */
export interface Partner {
  name: string | null;
  logoUrl: string | null;
  /** `#0b6b53` */
  color: string | null;
  privacyUrl: string | null;
  termsUrl: string | null;
  supportUrl: string | null;
}

const meta = {
  graph: 'https://graph.facebook.com',
  // Exactly these: a test for the ending "facebook.com" admits evilfacebook.com.
  origins: ['https://www.facebook.com', 'https://web.facebook.com'],
};

/**
 * `GET /signup`: one page for everybody, in the language of the visitor, opened with a session's token behind `#`, which
 * browsers send to no server.
 *
 * @param exchanges whether the gateway takes the codes of signups
 * @throws {StartError} naming what a language lacks
 */
export function signupPage(server: FastifyInstance, settings: PageSettings, exchanges: boolean): void {
  const languages = readLanguages(place('languages'));
  const pages = new Map([...languages].map(([tag, texts]) => [tag, html(settings, exchanges, tag, texts)]));
  const policy = contentPolicy(settings);
  server.get('/', ({ headers }, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-language', languageFor(languages, headers['accept-language']))
      .header('vary', 'accept-language')
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .send(pages.get(languageFor(languages, headers['accept-language']))),
  );
  for (const [file, type] of [
    ['page.js', 'text/javascript'],
    ['page.css', 'text/css'],
  ] as const) {
    const text = asset(file);
    server.get(`/${file}`, (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text));
  }
}

function html(settings: PageSettings, exchanges: boolean, lang: string, texts: Texts): string {
  const { appId, graphVersion, partner } = settings;
  const { sdk, origins } = popup(settings, texts['facebookLocale'] ?? '');
  const forPage = { gateway: '', appId, graphVersion, sdk, origins, exchanges, texts };
  const title =
    partner.name === null
      ? texts['title']
      : texts['titleWithPartner']?.replace('{partner}', () => partner.name ?? '');
  const values: Record<string, string> = {
    lang,
    direction: texts['direction'] ?? 'ltr',
    settings: JSON.stringify(forPage).replaceAll('<', '\\u003c'),
    title: escaped(title ?? ''),
    loading: escaped(texts['loading'] ?? ''),
    codeQuestion: escaped(texts['codeQuestion'] ?? ''),
    showCode: escaped(texts['showCode'] ?? ''),
    noScript: escaped(texts['noScript'] ?? ''),
    style: styleOf(partner),
    logo: logoOf(partner),
    links: linksOf(partner, texts),
  };
  return asset('page.html').replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => values[name] ?? '');
}

function styleOf({ color }: Partner): string {
  if (color === null) return '';
  const { light, dark } = accents(color);
  return `:root { --accent: ${light}; } @media (prefers-color-scheme: dark) { :root { --accent: ${dark}; } }`;
}

const logoOf = ({ logoUrl, name }: Partner) =>
  logoUrl === null ? '' : `<img id="logo" src="${escaped(logoUrl)}" alt="${escaped(name ?? '')}" />`;

function linksOf({ privacyUrl, termsUrl, supportUrl }: Partner, texts: Texts): string {
  const links = [
    [privacyUrl, texts['privacy']],
    [termsUrl, texts['terms']],
    [supportUrl, texts['support']],
  ] as const;
  return links
    .filter(([url]) => url !== null)
    .map(([url, text]) => `<a href="${escaped(url ?? '')}" target="_blank">${escaped(text ?? '')}</a>`)
    .join(' ');
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${String(letter.codePointAt(0))};`);

function popup({ graphUrl }: PageSettings, locale: string): { sdk: string; origins: string[] } {
  const { origin } = new URL(graphUrl);
  return origin === meta.graph
    ? { sdk: `https://connect.facebook.net/${locale}/sdk.js`, origins: meta.origins }
    : { sdk: `${origin}/sdk.js`, origins: [...meta.origins, origin] };
}

/** Allows what Meta's SDK and the partner's logo need and nothing else. No other page may frame this one and have its button clicked. */
function contentPolicy(settings: PageSettings): string {
  const facebook = 'https://*.facebook.com';
  const { logoUrl } = settings.partner;
  return [
    `default-src 'none'`,
    `script-src 'self' ${new URL(popup(settings, 'en_US').sdk).origin}`,
    `connect-src 'self' ${facebook}`,
    `frame-src ${facebook}`,
    `img-src ${facebook} data:${logoUrl === null ? '' : ` ${new URL(logoUrl).origin}`}`,
    `style-src 'self' 'unsafe-inline'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

const asset = (file: string) => readFileSync(place(file), 'utf8');

/** The browser's files are not compiled: a gateway that runs from `dist/` reads them from the sources. */
function place(name: string): string {
  const beside = path.join(__dirname, 'page', name);
  return existsSync(beside) ? beside : path.join(__dirname, '../../../gateway/signup/page', name);
}
