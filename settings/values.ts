import { isIP } from 'node:net';
import * as v from 'valibot';
import { Duration } from '../contract/messages';

/** Kinds of values; see `section` for how their messages read. Secrets use `text`, whose messages never show the value. */

const shown = (value: unknown) => JSON.stringify(String(value).slice(0, 80));

export const text = (what: string) => v.string(`is missing: set it to ${what}`);

export const port = (byDefault: number) =>
  v.pipe(
    v.optional(v.string(), String(byDefault)),
    v.regex(/^\d{1,5}$/, ({ received }) => `must be a port, 0 to 65535, but is ${received}`),
    v.transform(Number),
    v.maxValue(65_535, ({ received }) => `must be a port, 0 to 65535, but is ${received}`),
  );

/** Positive, decimals allowed. */
export const rate = (byDefault: number, of: string) =>
  v.pipe(
    v.optional(v.string(), String(byDefault)),
    v.transform(Number),
    v.check(
      (value) => value > 0 && value <= 1000,
      `must be a number of ${of}, above 0 and at most 1000, such as 5`,
    ),
  );

/** Given back in milliseconds. */
export const duration = (byDefault: string) =>
  v.pipe(
    v.optional(v.string(), byDefault),
    v.check(
      (value) => v.is(Duration, value),
      ({ input }) => `must be a length of time such as 24h or 250ms, but is ${shown(input)}`,
    ),
    Duration,
  );

/** `http` or `https`, without a slash at the end. */
export const url = (byDefault: string) =>
  v.pipe(
    v.optional(v.string(), byDefault),
    v.check(isHttpUrl, `must be an address that begins with http:// or https://, such as ${byDefault}`),
    v.transform((value) => value.replace(/\/+$/, '')),
  );

/** One that paths are put behind. */
export const baseUrl = (example: string) =>
  v.pipe(
    url(example),
    v.check((value) => !/[?#]/.test(value), `must have no ? and no # in it, such as ${example}`),
  );

export const origins = (...byDefault: string[]) =>
  v.pipe(
    v.optional(v.string(), byDefault.join(',')),
    v.transform((value) => value.split(',').map((origin) => origin.trim())),
    v.check(
      (value) => value.every((origin) => isHttpUrl(origin) && new URL(origin).origin === origin),
      `must be origins with commas between them, each scheme, host and port alone, such as ${byDefault.join(',')}`,
    ),
  );

/**
 * Secrets with commas between them, each of which is taken: the new one and the old one while they are changed, or those of
 * several accounts. `null` where none is set.
 */
const secrets = (pattern: RegExp, fault: string) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.transform((value) => value.split(',').map((secret) => secret.trim())),
    v.transform((all) => all.filter((secret) => secret !== '')),
    v.check((all) => all.every((secret) => pattern.test(secret)), fault),
    v.transform((all) => (all.length === 0 ? null : all)),
  );

/** Of any form. */
export const anySecrets = secrets(
  /^[\x21-\x7e]+$/,
  'must be secrets with commas between them, each without blanks',
);

/** As Standard Webhooks writes its secrets: `whsec_` and base64; 24 to 64 bytes are its advice. */
export const webhookSecrets = secrets(
  /^whsec_([A-Za-z0-9+/]{4}){4,}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'must be whsec_ and 24 to 64 bytes in base64, several with commas between them: make one with echo "whsec_$(openssl rand -base64 32)"',
);

/** Ed25519: 32 bytes. */
export const publicKeys = secrets(
  /^[A-Za-z0-9+/]{43}=$/,
  'must be the public key of the account in base64, 44 characters, several with commas between them',
);

/** Of HTTP Basic authentication. */
export const logins = secrets(
  /^[^\s:]+:[^\s]+$/,
  'must be a user name, a colon and a password, without blanks; several with commas between them',
);

/** Twilio's, each alone or behind the account SID that it is of: `AC…:token`. */
export const twilioTokens = v.pipe(
  secrets(
    /^(AC[\da-fA-F]{32}:)?[\x21-\x39\x3b-\x7e]+$/,
    'must be auth tokens with commas between them, each alone or as AC…:token with the SID of its account',
  ),
  v.transform(
    (all) =>
      all?.map((entry) => {
        const [token = '', account = null] = entry.split(':').reverse();
        return { account, token };
      }) ?? null,
  ),
);

/** Commas between them; none by default. */
export const apiKeys = v.pipe(
  v.optional(v.string(), ''),
  v.transform((value) => (value === '' ? [] : value.split(',').map((key) => key.trim()))),
  v.check(
    (keys) => keys.every((key) => /^[\x21-\x7e]+$/.test(key)),
    'must be keys with commas between them, each without blanks: make one with openssl rand -hex 32',
  ),
);

/** IP addresses and CIDR ranges with commas between them; none by default. */
export const addressRanges = v.pipe(
  v.optional(v.string(), ''),
  v.transform((value) => value.split(',').map((range) => range.trim())),
  v.transform((ranges) => ranges.filter((range) => range !== '')),
  v.check(
    (ranges) => ranges.every(isAddressRange),
    ({ input }) =>
      `must be IP addresses or CIDR ranges with commas between them, such as 10.0.0.0/8,127.0.0.1, but holds ${shown(input.find((range) => !isAddressRange(range)))}`,
  ),
);

export const oneOf = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  byDefault: Words[number],
) =>
  v.pipe(
    v.optional(v.string(), byDefault),
    v.picklist(words, ({ received }) => `must be one of ${words.join(', ')}, but is ${received}`),
  );

/** A range of all addresses is none: whoever connects could then call himself by any address. */
function isAddressRange(range: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const length = prefix === undefined ? bits : Number(prefix);
  return length >= 1 && length <= bits;
}

function isHttpUrl(value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  return (
    parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === ''
  );
}
