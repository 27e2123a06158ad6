import { invalidParameter } from '../graph-error';
import { noObject, type GraphNode } from '../meta/meta';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { appOf, checkAccess, checkProof, tokenOf } from './access';
import type { Parameters } from './parameters';
import { findCall, readPath, targetOf, type GraphPath } from './target';
import { debugToken, exchangeCode } from './token-calls';

/** A request as it came in, whatever carried its parameters. */
export interface IncomingCall {
  method: string;
  /** Without the query. */
  path: string;
  /** Scheme, host and path. */
  url: string;
  authorization: string | undefined;
  parameters: Parameters;
}

/** A call that is known by name, and not made yet. */
export interface PreparedCall {
  name: string;
  objectId: string | null;
  /** Digits of the number that it is about. */
  number: string | null;
  /** Whose token the call shows. */
  tokenKind: 'system' | 'business' | 'app' | null;
  /** @returns the body of the answer @throws GraphError */
  run(): unknown;
}

export function prepareCall(simulation: Simulation, incoming: IncomingCall): PreparedCall {
  const { meta } = simulation;
  const { method, parameters, authorization, url } = incoming;
  const path = readPath(incoming.path);
  if (path === null) return unknownCall(null, `Unknown path components: ${incoming.path.slice(0, 100)}`);
  const shown = tokenOf(authorization, parameters.text('access_token'));
  const aboutTokens = method === 'GET' ? tokenCall(simulation, path, parameters, shown) : null;
  if (aboutTokens) return aboutTokens;
  const call = findCall(meta, method, path);
  if (call === undefined) return unknownCall(path.id, `${noObject(path.id)} (${method} ${path.edge ?? ''})`);
  return {
    name: call.name,
    objectId: path.id,
    number: numberOf(simulation, path.id, parameters),
    tokenKind: shown === undefined ? null : meta.tokens.named(shown).kind,
    run() {
      const token = meta.tokens.check(shown);
      const app = appOf(meta, token);
      checkProof(app, token.text, parameters.text('appsecret_proof'));
      const target = targetOf(meta, call, path);
      const reach = (node: GraphNode) => checkAccess(meta, call.name, node, token);
      reach(target);
      return call.run(target, { meta, parameters, token, app, url, reach });
    },
  };
}

const unknownCall = (objectId: string | null, message: string): PreparedCall => ({
  name: 'unknown',
  objectId,
  number: null,
  tokenKind: null,
  run() {
    throw invalidParameter(message);
  },
});

/** Calls about tokens are made on no object. */
function tokenCall(
  simulation: Simulation,
  { id, edge }: GraphPath,
  parameters: Parameters,
  shown: string | undefined,
): PreparedCall | null {
  const about = { objectId: null, number: null };
  if (id === 'oauth' && edge === 'access_token') {
    return { name: edge, ...about, tokenKind: null, run: () => exchangeCode(simulation, parameters) };
  }
  if (id !== 'debug_token' || edge !== null) return null;
  return { name: id, ...about, tokenKind: 'app', run: () => debugToken(simulation, parameters, shown) };
}

function numberOf({ meta }: Simulation, id: string, parameters: Parameters): string | null {
  const named =
    meta.preverifiedNumbers.get(parameters.text('preverified_id') ?? id) ?? meta.phoneNumbers.get(id);
  const text =
    named?.number.digits ?? parameters.text('phone_number') ?? parameters.text('display_phone_number');
  return text === undefined ? null : digitsOf(text);
}
