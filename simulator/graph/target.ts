import { GraphError } from '../graph-error';
import { noObject, type GraphNode, type Meta } from '../meta/meta';
import { calls } from './calls';
import type { GraphCall } from './call';

/** Version, object and edge of a path: `/v24.0/106540352242922/request_code`. Any version will do. */
export interface GraphPath {
  id: string;
  edge: string | null;
}

export function readPath(path: string): GraphPath | null {
  const [, id, edge] = /^(?:\/v\d+(?:\.\d+)?)?\/([^/]+)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  return id === undefined ? null : { id, edge: edge ?? null };
}

/** The call and the kind of object it is made on, as far as they are known before anything is checked. */
export function findCall(meta: Meta, method: string, { id, edge }: GraphPath): GraphCall | undefined {
  const candidates = calls.filter((call) => call.method === method && call.edge === edge);
  const kinds = meta.nodes(id).map(({ kind }) => kind);
  return (
    candidates.find(({ on }) => kinds.includes(on)) ??
    candidates.find((call) => kinds.length === 0 || createsItsObject(call))
  );
}

/** Portfolios and WABAs come into being when an edge of theirs is used. */
const createsItsObject = ({ on, edge }: GraphCall): boolean =>
  edge !== null && (on === 'business' || on === 'waba');

/**
 * The object that the call is made on.
 *
 * @throws GraphError 100, subcode 33 where there is none (any more), rule 6
 */
export function targetOf(meta: Meta, call: GraphCall, { id }: GraphPath): GraphNode {
  if (call.on === 'preverified') return meta.preverified(id);
  const known = meta.nodes(id).find(({ kind }) => kind === call.on);
  if (known === undefined && createsItsObject(call)) return create(meta, call, id);
  if (known === undefined) throw new GraphError('noSuchObject', noObject(id));
  return known;
}

function create(meta: Meta, { on }: GraphCall, id: string): GraphNode {
  if (on !== 'waba') return meta.business(id);
  if (meta.assumptions.unknownWabas === 'missing') throw new GraphError('noSuchObject', noObject(id));
  return meta.waba(id);
}
