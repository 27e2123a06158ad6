import ms from 'ms';
import { createGraphClient, GraphError, type TokenFacts } from '../../activities/graph';
import { StartError } from '../../settings/start-error';
import type { Settings } from '../../settings';
import type { Finding } from './check';
import { graphFault } from './graph';

/** What needs each permission of the system token (docs/rules.md, Whose token). */
const needed = {
  business_management: 'no number can be added to the pool or verified',
  whatsapp_business_management: 'no claim can be confirmed, and no customer connected',
  whatsapp_business_messaging: 'no number can be registered',
};

const ANOTHER =
  'make another token for the system user in Business settings, with business_management, whatsapp_business_management and whatsapp_business_messaging, set it as GRAPH_ACCESS_TOKEN, and start the worker again';

/** Asks Meta what the token may do, before the first number fails for it. */
export async function checkPermissions({ graph }: Settings<'graph'>): Promise<Finding> {
  const { accessToken, appId, appSecret } = graph;
  if (!appId || !appSecret) {
    return {
      detail: 'not known: Meta says what a token may do to its app alone',
      remedy: 'set META_APP_ID and META_APP_SECRET of the app that GRAPH_ACCESS_TOKEN was made for',
    };
  }
  return findingOf(await ask(graph, { id: appId, secret: appSecret }, accessToken));
}

async function ask(
  graph: Settings<'graph'>['graph'],
  app: { id: string; secret: string },
  accessToken: string,
): Promise<TokenFacts> {
  try {
    return await createGraphClient({ ...graph, timeout: 10_000 }).debugToken(app, accessToken);
  } catch (error) {
    if (!(error instanceof GraphError)) throw graphFault(graph, error);
    throw new StartError(
      error.message,
      'check META_APP_ID and META_APP_SECRET: they must be those of the app that GRAPH_ACCESS_TOKEN was made for',
      { cause: error },
    );
  }
}

function findingOf({ valid, expiresAt, scopes }: TokenFacts): Finding {
  if (!valid) throw new StartError('Meta says that the access token is not valid any more', ANOTHER);
  const missing = Object.entries(needed).filter(([permission]) => !scopes.includes(permission));
  if (missing.length > 0) {
    const each = missing.map(([permission, effect]) => `${permission} (without it ${effect})`);
    throw new StartError(`the access token lacks ${each.join(' and ')}`, ANOTHER);
  }
  const detail = `the token has ${Object.keys(needed).join(', ')}, and ${expiresAt === null ? 'does not expire' : `expires at ${expiresAt}`}`;
  const soon = expiresAt !== null && Date.parse(expiresAt) - Date.now() < ms('30 days');
  return soon ? { detail, remedy: ANOTHER } : detail;
}
