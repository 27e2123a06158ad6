import * as v from 'valibot';
import { BusinessId } from '../../contract/ids';
import { webhookEventTypes, type WebhookEvent } from '../../contract/webhook-events';

/** `number.verified`, or a group: `number.*`, `*`. */
const Wanted = v.pipe(
  v.string('must be text'),
  v.check(
    (wanted) => webhookEventTypes.some((type) => covers(wanted, type)),
    ({ input }) =>
      `is no event: ${JSON.stringify(input)}; there are ${webhookEventTypes.join(', ')}, and groups such as number.*`,
  ),
);

const Secret = v.pipe(
  v.string('must be text'),
  v.regex(
    /^whsec_(?=[A-Za-z0-9+/=]{32,88}$)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be whsec_ and 24 to 64 bytes in base64: make one with echo "whsec_$(openssl rand -base64 32)"',
  ),
);

const Endpoint = v.pipe(
  v.strictObject({
    /** How it is called in Temporal and in errors. */
    name: v.pipe(
      v.string('must be text'),
      v.regex(/^[a-z0-9-]{1,50}$/, 'must be 1 to 50 small letters, digits and hyphens'),
    ),
    url: v.pipe(
      v.string('must be text'),
      v.check(
        (url) => isWebAddress(url),
        'must be a web address without a user in it, such as https://crm.example.com/hooks',
      ),
    ),
    /** Every one of them signs, so that an old and a new one overlap while the receiver changes over. */
    secrets: v.pipe(
      v.array(Secret, 'must be a list'),
      v.minLength(1, 'must hold one secret, or two while they are changed'),
      v.maxLength(2, 'must hold one secret, or two while they are changed'),
    ),
    events: v.optional(v.pipe(v.array(Wanted, 'must be a list'), v.minLength(1, 'must name an event')), [
      '*',
    ]),
    /** A partner's endpoint is told what concerns that partner, and nothing else. */
    partnerBusinessId: v.nullish(BusinessId, null),
    allowHttp: v.optional(v.boolean('must be true or false'), false),
    allowPrivateAddress: v.optional(v.boolean('must be true or false'), false),
  }),
  v.check(
    ({ url, allowHttp }) => allowHttp || !/^http:/i.test(url),
    'has a url that is not https: what is told goes over the network in clear. Use https, or say "allowHttp": true',
  ),
);
export type Endpoint = v.InferOutput<typeof Endpoint>;

const Endpoints = v.strictObject({
  endpoints: v.pipe(
    v.array(Endpoint, 'must be a list'),
    v.check(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'has two endpoints of one name',
    ),
  ),
  /** Countries (ISO 3166 alpha-2) and how many verified, free numbers there must be of each. */
  stock: v.optional(
    v.record(
      v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'must name countries by two capital letters such as DE')),
      v.pipe(
        v.number('must be a number'),
        v.integer('must be a whole number'),
        v.minValue(1, 'must be 1 or more'),
      ),
    ),
    {},
  ),
});
export type Endpoints = v.InferOutput<typeof Endpoints>;

/** The file of WEBHOOK_ENDPOINTS, or every fault in it: where it is and how to mend it, never a secret. */
export function readEndpoints(
  json: string,
): { ok: true; endpoints: Endpoints } | { ok: false; faults: string[] } {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return { ok: false, faults: ['it is not JSON'] };
  }
  const result = v.safeParse(Endpoints, content);
  return result.success
    ? { ok: true, endpoints: result.output }
    : { ok: false, faults: result.issues.map(describe) };
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (issue.type !== 'strict_object') return `${path ?? 'it'} ${issue.message}`;
  if (path === null) return 'it must be one JSON object with "endpoints"';
  return issue.expected === 'never' ? `${path.slice(0, 100)} means nothing here` : `${path} is missing`;
}

/** A partner's endpoint hears of that partner alone. */
export const wants = (
  { events, partnerBusinessId }: Endpoint,
  news: Pick<WebhookEvent, 'type' | 'partnerBusinessId'>,
) =>
  (partnerBusinessId === null || partnerBusinessId === news.partnerBusinessId) &&
  events.some((wanted) => covers(wanted, news.type));

const covers = (wanted: string, type: string) =>
  wanted === type ||
  (wanted.endsWith('*') && type.startsWith(wanted.slice(0, -1)) && /^(\w+\.)?\*$/.test(wanted));

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
