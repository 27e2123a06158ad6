import { GraphError, invalidParameter } from '../graph-error';
import type { AccessToken } from '../meta/access-token';
import type { App } from '../meta/app';
import { noObject, type GraphNode, type Meta } from '../meta/meta';
import type { Waba } from '../meta/waba';

/** What a call asks of a token. */
interface Need {
  scopes: AccessToken['scopes'];
  /** `admin`: the system token of an admin; everything, where nothing is said. */
  kind?: 'system' | 'admin';
}

const pool: Need = { scopes: ['business_management'], kind: 'system' };
const account: Need = { scopes: ['whatsapp_business_management'] };
const message: Need = { scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'] };

/** Docs/rules.md, Whose token. Calls that are not named need a good token alone. */
const needs: Record<string, Need> = {
  add_phone_numbers: pool,
  preverified_numbers: pool,
  get_preverified_number: pool,
  delete_preverified_number: pool,
  partners: pool,
  share_preverified_numbers: pool,
  unshare_preverified_numbers: pool,
  client_whatsapp_business_accounts: pool,
  create_phone_number: account,
  phone_numbers: account,
  get_phone_number: account,
  set_pin: account,
  register: message,
  deregister: message,
  messages: { scopes: ['whatsapp_business_messaging'] },
  get_waba: account,
  subscribed_apps: account,
  get_subscribed_apps: account,
  unsubscribe_app: account,
  get_assigned_users: { ...account, kind: 'system' },
  assigned_users: { ...account, kind: 'admin' },
  extendedcredits: { ...account, kind: 'system' },
  whatsapp_credit_sharing_and_attach: { ...account, kind: 'system' },
  owning_credit_allocation_configs: { ...account, kind: 'system' },
  get_credit_share: { ...account, kind: 'system' },
  revoke_credit_sharing: { ...account, kind: 'system' },
};

/** `request_code` and `verify_code` are made on the pool's numbers and on those of WABAs. */
const needOf = (call: string, node: GraphNode): Need | undefined =>
  needs[call] ?? (node.kind === 'preverified' ? pool : node.kind === 'phone' ? account : undefined);

/** @throws GraphError 10 for another kind of token, 200 for a missing permission, 100/33 for an object that it cannot reach */
export function checkAccess(meta: Meta, call: string, node: GraphNode, token: AccessToken): void {
  const need = needOf(call, node);
  const missing = need?.scopes.filter((scope) => !token.scopes.includes(scope)) ?? [];
  if (missing.length > 0) {
    throw new GraphError(
      'permissions',
      `(#200) Requires ${missing.join(' and ')} permission to manage the object`,
    );
  }
  const isAdmin = token.kind === 'system' && token.role === 'admin';
  if (need?.kind && (need.kind === 'admin' ? !isAdmin : token.kind !== 'system')) {
    throw new GraphError('permission');
  }
  if (!reaches(meta, node, token)) throw unreachable(meta, node.id);
}

function reaches(meta: Meta, node: GraphNode, token: AccessToken): boolean {
  switch (node.kind) {
    case 'waba':
      return reachesWaba(node, token);
    case 'phone':
      return reachesWaba(meta.waba(node.wabaId), token);
    case 'creditLine':
      return isOf(node.portfolioId, token);
    case 'creditShare':
      return isOf(node.line.portfolioId, token);
    case 'preverified':
      return isOf(node.portfolioId, token) || node.sharedWith.has(token.portfolioId ?? '');
    case 'business':
      return isOf(node.id, token);
  }
}

const isOf = (portfolioId: string, token: AccessToken) =>
  token.portfolioId === null || token.portfolioId === portfolioId;

function reachesWaba(waba: Waba, { kind, role, userId, portfolioId, wabaIds }: AccessToken): boolean {
  if (waba.sharedWith === null) return true;
  if (wabaIds !== null && !wabaIds.includes(waba.id)) return false;
  if (kind === 'business') return true;
  return waba.isSharedWith(portfolioId) && (role === 'admin' || waba.assignedUserIds.has(userId));
}

function unreachable({ assumptions }: Meta, id: string): GraphError {
  const { unreachable: answered } = assumptions;
  return answered === 'noSuchObject' ? new GraphError(answered, noObject(id)) : new GraphError(answered);
}

/** The token of a request: in the header, or as the parameter that Meta's SDKs send. */
export function tokenOf(
  authorization: string | undefined,
  parameter: string | undefined,
): string | undefined {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? parameter;
}

/** The app whose token that is. */
export const appOf = ({ apps }: Meta, { appId }: AccessToken): App =>
  appId === null ? apps.first : apps.named(appId);

/** @throws GraphError 100 for a proof that was made with another token or another secret */
export function checkProof(app: App, token: string, proof: string | undefined): void {
  if (!app.hasSigned(token, proof)) {
    throw invalidParameter('Invalid appsecret_proof provided in the API argument');
  }
}
