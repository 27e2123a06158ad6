import type { AccessToken } from '../meta/access-token';
import type { App } from '../meta/app';
import type { GraphNode, Meta } from '../meta/meta';
import type { Parameters } from './parameters';

export type Kind = GraphNode['kind'];
export type NodeOf<K extends Kind> = Extract<GraphNode, { kind: K }>;

export interface GraphRequest {
  meta: Meta;
  parameters: Parameters;
  token: AccessToken;
  /** The app of the token. */
  app: App;
  /** @throws GraphError where the token does not reach another object that the call names */
  reach: (node: GraphNode) => void;
  /** Scheme, host and path, for the links to other pages. */
  url: string;
}

/** One call of the Graph API: a method on an object or on one of its edges. */
export interface GraphCall {
  /** How the call log and faults name it. */
  name: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** `null`: the object itself. */
  edge: string | null;
  on: Kind;
  run(node: GraphNode, request: GraphRequest): unknown;
}

/** Keeps the kind of object that a call is made on for its function. */
export const call = <K extends Kind>(
  name: string,
  [method, on, edge]: [method: GraphCall['method'], on: K, edge?: string],
  run: (node: NodeOf<K>, request: GraphRequest) => unknown,
): GraphCall => ({
  name,
  method,
  on,
  edge: edge ?? null,
  run: (node, request) => run(node as NodeOf<K>, request),
});

export const success = { success: true };
