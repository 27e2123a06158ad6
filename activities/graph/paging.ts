import * as v from 'valibot';
import { describeRequest, type GraphRequest, type Send } from './send';
import { UnreadableAnswerError } from './unreadable-answer-error';

const Paging = v.nullish(
  v.object({
    cursors: v.nullish(v.object({ after: v.nullish(v.string()) })),
    next: v.nullish(v.string()),
  }),
);

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins, `null` at the end of the list. */
  after: string | null;
}

/**
 * Reads the page that begins at a cursor. A short or empty page does not end the list: only an absent `next` does. The
 * address in `next` may name any host, so it is never called: only its cursor is taken.
 */
export async function page<Item extends v.GenericSchema>(
  send: Send,
  request: GraphRequest,
  item: Item,
  after: string | null,
): Promise<Page<v.InferOutput<Item>>> {
  const Answer = v.object({ data: v.array(item), paging: Paging });
  const params = { limit: '100', ...request.params, after: after ?? undefined };
  const answer: v.InferOutput<typeof Answer> = await send({ ...request, params }, Answer);
  const next = answer.paging?.next;
  if (!next) return { items: answer.data, after: null };
  const cursor = answer.paging?.cursors?.after ?? cursorIn(next);
  if (cursor === undefined || cursor === after) throw circle(request);
  return { items: answer.data, after: cursor };
}

/** Reads a list to its end, page by page as the caller asks for more. */
export async function* pages<Item extends v.GenericSchema>(
  send: Send,
  request: GraphRequest,
  item: Item,
): AsyncGenerator<v.InferOutput<Item>, void, undefined> {
  const seen = new Set<string>();
  let after: string | null = null;
  do {
    const read: Page<v.InferOutput<Item>> = await page(send, request, item, after);
    yield* read.items;
    after = read.after;
    if (after !== null && seen.has(after)) throw circle(request);
    seen.add(after ?? '');
  } while (after !== null);
}

const circle = (request: GraphRequest) =>
  new UnreadableAnswerError(describeRequest(request), 200, 'its pages go in a circle');

function cursorIn(next: string): string | undefined {
  return URL.canParse(next) ? (new URL(next).searchParams.get('after') ?? undefined) : undefined;
}
