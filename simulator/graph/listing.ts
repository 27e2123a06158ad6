import type { GraphNode } from '../meta/meta';
import type { GraphRequest } from './call';
import { parseFields, pick } from './fields';
import { pageOf } from './paging';
import { viewOf } from './views';

/** One object with the fields that were asked for. */
export function show(node: GraphNode, { meta, parameters }: GraphRequest): Record<string, unknown> {
  const fields = parameters.text('fields');
  return pick(viewOf(meta, node), fields === undefined ? null : parseFields(fields));
}

/** A page of objects in creation order, with links to the others. */
export function list(nodes: readonly GraphNode[], request: GraphRequest) {
  const all = [...nodes].sort((a, b) => a.sequence - b.sequence);
  const page = pageOf(all, request.parameters, request.meta.assumptions.pages);
  const data = page.items.map((node) => show(node, request));
  if (page.cursors === null) return { data };
  return {
    data,
    paging: {
      cursors: page.cursors,
      ...(page.hasNext && { next: linkTo(request, 'after', page.cursors.after) }),
      ...(page.hasPrevious && { previous: linkTo(request, 'before', page.cursors.before) }),
    },
  };
}

function linkTo(
  { url, parameters, token, meta }: GraphRequest,
  side: 'after' | 'before',
  cursor: string,
): string {
  const link = new URL(url);
  for (const [name, value] of parameters.entries()) {
    if (name !== 'after' && name !== 'before') link.searchParams.set(name, value);
  }
  if (meta.assumptions.nextCarriesToken) link.searchParams.set('access_token', token.text);
  link.searchParams.set(side, cursor);
  return link.href;
}
