import { GraphError, invalidParameter } from '../graph-error';
import type { AccessToken } from '../meta/access-token';
import type { App } from '../meta/app';
import type { Meta } from '../meta/meta';
import type { Simulation } from '../simulation';
import { appOf } from './access';
import type { Parameters } from './parameters';

/** `GET /oauth/access_token`: a customer's token for the code of their signup. Needs no token. */
export function exchangeCode({ meta, clock, signupCodes }: Simulation, parameters: Parameters) {
  const app = appWith(meta, parameters.required('client_id'), parameters.required('client_secret'));
  if (app === null) throw new GraphError('clientSecret');
  const { wabaIds } = signupCodes.use(parameters.required('code'), app.id);
  const { businessTokenLife } = meta.assumptions;
  const { text } = meta.tokens.issue({
    kind: 'business',
    appId: app.id,
    wabaIds,
    scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
    expiresAt: businessTokenLife === null ? null : clock.now() + businessTokenLife,
  });
  return {
    access_token: text,
    token_type: 'bearer',
    ...(businessTokenLife !== null && { expires_in: Math.floor(businessTokenLife / 1000) }),
  };
}

/**
 * `GET /debug_token`: what a token may do, asked with the token of its app.
 *
 * @param shown `app ID|app secret`
 * @throws GraphError 190 for a token that is no app's or has another secret
 */
export function debugToken({ meta }: Simulation, parameters: Parameters, shown: string | undefined) {
  const [, id, secret] = /^([^|]+)\|(.+)$/.exec(shown ?? '') ?? [];
  const app = id === undefined || secret === undefined ? null : appWith(meta, id, secret);
  if (app === null) throw new GraphError('invalidToken');
  const token = meta.tokens.named(parameters.required('input_token'));
  if (appOf(meta, token) !== app) {
    throw invalidParameter('The App_id in the input_token did not match the Viewing App');
  }
  return { data: { app_id: app.id, application: app.name, ...factsOf(meta, token) } };
}

function factsOf({ tokens }: Meta, token: AccessToken) {
  const { kind, userId, issuedAt, expiresAt, scopes, wabaIds } = token;
  const facts = {
    type: 'SYSTEM_USER',
    issued_at: seconds(issuedAt),
    expires_at: expiresAt === null ? 0 : seconds(expiresAt),
    data_access_expires_at: 0,
    user_id: userId,
  };
  if (!tokens.isGood(token)) {
    const error = { code: 190, message: 'Error validating access token' };
    return { ...facts, is_valid: false, scopes: [], error };
  }
  // The newest first (docs/rules.md, Calls).
  const targets = wabaIds && kind === 'business' ? { target_ids: [...wabaIds].reverse() } : {};
  return {
    ...facts,
    is_valid: true,
    scopes,
    granular_scopes: scopes.map((scope) => ({
      scope,
      ...(scope.startsWith('whatsapp_business') && targets),
    })),
  };
}

/** @returns `null` for another secret than the app's */
function appWith({ apps }: Meta, id: string, secret: string): App | null {
  const app = apps.named(id);
  return app.hasSecret(secret) ? app : null;
}

const seconds = (at: number) => Math.floor(at / 1000);
