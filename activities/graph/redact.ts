/** Parameters of Graph calls whose values are secrets. */
const SECRET_PARAMS = ['access_token', 'appsecret_proof', 'client_secret', 'code', 'input_token', 'pin'];

const MAX_LENGTH = 500;

/**
 * Makes Meta's words fit for histories and logs, for they may repeat what was sent. Removes the given secrets (six
 * digits also as `123-456`), anything that looks like a token or a signup's code, and the query of every address.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const exact = secrets.filter(Boolean).map((secret) => new RegExp(patternOf(secret), 'g'));
  const shapes = [
    /\bEAA[A-Za-z0-9]{8,}/g,
    // A signup's code, of which Meta may repeat a part.
    /\bAQ[A-Za-z0-9_-]{12,}/g,
    /(?<=\b(?:access_token|input_token|client_secret|appsecret_proof|code|pin)=)[^&\s"']+/gi,
  ];
  const clean = [...exact, ...shapes].reduce((rest, pattern) => rest.replace(pattern, '[redacted]'), text);
  const short = clean.replace(/(https?:\/\/[^\s?"']+)\?[^\s"']*/g, '$1?[redacted]');
  return short.length > MAX_LENGTH ? `${short.slice(0, MAX_LENGTH)}…` : short;
}

/** The secrets among a request's parameters. */
export function secretsIn(params: Readonly<Record<string, string | undefined>> = {}): string[] {
  return SECRET_PARAMS.flatMap((name) => params[name] ?? []);
}

/** Six digits inside a longer number are no code. */
function patternOf(secret: string): string {
  if (/^\d{6}$/.test(secret)) return `(?<!\\d)${secret.slice(0, 3)}[-\\s]?${secret.slice(3)}(?!\\d)`;
  return secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
