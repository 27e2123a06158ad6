import * as v from 'valibot';
import { describeRequest, type GraphRequest } from './graph-request';
import type { Send } from './send';
import { UnreadableAnswerError } from './unreadable-answer-error';

const Paging = v.nullish(
  v.object({
    cursors: v.nullish(v.object({ after: v.nullish(v.string()) })),
    next: v.nullish(v.string()),
  }),
);

/**
 * Walks a list of Meta's to its end, page by page as the caller asks for more. Short and empty pages are no end: only
 * an absent `next` is. `next` itself is never called, for it may name any host: its cursor is all that is taken from it.
 */
export async function* pages<Item extends v.GenericSchema>(
  send: Send,
  request: GraphRequest,
  item: Item,
): AsyncGenerator<v.InferOutput<Item>, void, undefined> {
  const Page = v.object({ data: v.array(item), paging: Paging });
  const seen = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const params = { limit: '100', ...request.params, after };
    const page: v.InferOutput<typeof Page> = await send({ ...request, params }, Page);
    yield* page.data;
    const next = page.paging?.next;
    if (!next) return;
    after = page.paging?.cursors?.after ?? cursorIn(next);
    if (after === undefined || seen.has(after)) {
      throw new UnreadableAnswerError(describeRequest(request), 200, 'its pages go in a circle');
    }
    seen.add(after);
  }
}

function cursorIn(next: string): string | undefined {
  return URL.canParse(next) ? (new URL(next).searchParams.get('after') ?? undefined) : undefined;
}
