import { sameSecret } from '../../temporal/same-secret';
import type { CarrierRequest } from './carrier';

export const basicAuthDemanded =
  'The user name and password of HTTP Basic authentication are missing or wrong.';

/** HTTP Basic authentication (RFC 7617). @param login `user:password` */
export function hasBasicAuth(login: string, { headers }: CarrierRequest): boolean {
  const [, base64] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
  return base64 !== undefined && sameSecret(Buffer.from(base64, 'base64').toString(), login);
}
