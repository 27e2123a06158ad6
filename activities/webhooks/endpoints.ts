import * as v from 'valibot';
import { BusinessId } from '../../contract/ids';
import { webhookEventTypes, type WebhookEvent } from '../../contract/webhook-events';

/** An event type such as `number.verified`, or a group: `number.*`, `*`. */
const Subscription = v.pipe(
  v.string('must be text'),
  v.check(
    (subscription) => webhookEventTypes.some((type) => matches(subscription, type)),
    ({ input }) =>
      `is no event type: ${JSON.stringify(input)}. Event types are ${webhookEventTypes.join(', ')}, and groups such as number.*`,
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
    /** Identifies the endpoint in Temporal and in errors. */
    name: v.pipe(
      v.string('must be text'),
      v.regex(/^[a-z0-9-]{1,50}$/, 'must be 1 to 50 small letters, digits and hyphens'),
    ),
    url: v.pipe(
      v.string('must be text'),
      v.check(
        (url) => isWebAddress(url),
        'must be a web address without a user name, such as https://crm.example.com/hooks',
      ),
    ),
    /** Each of them signs, so that the receiver can change from the old one to the new one at any time. */
    secrets: v.pipe(
      v.array(Secret, 'must be a list'),
      v.minLength(1, 'must hold one secret, or two while you change them'),
      v.maxLength(2, 'must hold one secret, or two while you change them'),
    ),
    events: v.optional(
      v.pipe(v.array(Subscription, 'must be a list'), v.minLength(1, 'must name an event type')),
      ['*'],
    ),
    /** A partner's endpoint gets the events that concern that partner, and no others. */
    partnerBusinessId: v.nullish(BusinessId, null),
    allowHttp: v.optional(v.boolean('must be true or false'), false),
    allowPrivateAddress: v.optional(v.boolean('must be true or false'), false),
  }),
  v.check(
    ({ url, allowHttp }) => allowHttp || !/^http:/i.test(url),
    'has a url that is not https, so its events would travel in clear. Use https, or set "allowHttp": true',
  ),
);
export type Endpoint = v.InferOutput<typeof Endpoint>;

const EndpointsFile = v.strictObject({
  endpoints: v.pipe(
    v.array(Endpoint, 'must be a list'),
    v.check(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'has two endpoints of the same name',
    ),
  ),
  /** The least number of verified, unclaimed numbers for each country (ISO 3166 alpha-2). */
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
export type EndpointsFile = v.InferOutput<typeof EndpointsFile>;

/** Reads the file of WEBHOOK_ENDPOINTS. Each fault says where it is and how to correct it, and repeats no secret. */
export function readEndpointsFile(
  json: string,
): { ok: true; file: EndpointsFile } | { ok: false; faults: string[] } {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return { ok: false, faults: ['it is not JSON'] };
  }
  const result = v.safeParse(EndpointsFile, content);
  return result.success
    ? { ok: true, file: result.output }
    : { ok: false, faults: result.issues.map(describe) };
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (issue.type !== 'strict_object') return `${path ?? 'it'} ${issue.message}`;
  if (path === null) return 'it must be one JSON object with "endpoints"';
  return issue.expected === 'never' ? `${path.slice(0, 100)} is not a known field` : `${path} is missing`;
}

/** Whether the endpoint gets the event. */
export const subscribes = (
  { events, partnerBusinessId }: Endpoint,
  event: Pick<WebhookEvent, 'type' | 'partnerBusinessId'>,
) =>
  (partnerBusinessId === null || partnerBusinessId === event.partnerBusinessId) &&
  events.some((subscription) => matches(subscription, event.type));

const matches = (subscription: string, type: string) =>
  subscription === type || (/^(\w+\.)?\*$/.test(subscription) && type.startsWith(subscription.slice(0, -1)));

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
