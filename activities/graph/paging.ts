import * as v from 'valibot';
import { lenient } from './parsers';
import { describeRequest, type GraphRequest, type Send } from './send';
import { UnreadableAnswerError } from './unreadable-answer-error';

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins, `null` at the end of the list. */
  after: string | null;
  /** Rows that could not be read and are left out. */
  unreadable: number;
}

const Answer = v.object({
  data: v.array(v.unknown()),
  paging: lenient(
    v.object({
      cursors: lenient(v.object({ after: lenient(v.string()) })),
      next: v.optional(v.unknown()),
    }),
  ),
});

export type Lists = ReturnType<typeof createLists>;

/** Reads lists. `warn` hears of rows that cannot be read: they are left out, so that one does not cost the others. */
export function createLists(send: Send, warn: (message: string) => void) {
  /**
   * The page that begins at a cursor. A short or empty page does not end the list: only an absent `next` does. The
   * address in `next` may name any host, so it is never called: only its cursor is taken.
   */
  async function page<Item extends v.GenericSchema>(
    request: GraphRequest,
    item: Item,
    after: string | null,
  ): Promise<Page<v.InferOutput<Item>>> {
    const params = { limit: '100', ...request.params, after: after ?? undefined };
    const { data, paging } = await send({ ...request, params }, Answer);
    const items = data.flatMap((row) => {
      const read = v.safeParse(item, row);
      return read.success ? [read.output] : [];
    });
    const unreadable = data.length - items.length;
    const call = describeRequest(request);
    if (unreadable > 0) {
      warn(`${call}: left out ${String(unreadable)} of ${String(data.length)} rows, which cannot be read.`);
    }
    if (!paging?.next) return { items, after: null, unreadable };
    const cursor = paging.cursors?.after ?? cursorIn(paging.next);
    if (cursor === null || cursor === after) throw circle(call);
    return { items, after: cursor, unreadable };
  }

  return {
    page,
    /** The whole list. */
    all: <Item extends v.GenericSchema>(request: GraphRequest, item: Item) =>
      walk(describeRequest(request), (after) => page(request, item, after)),
  };
}

/** Reads a list to its end, page by page as the caller asks for more. */
export async function* walk<Item>(
  call: string,
  read: (after: string | null) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  const seen = new Set<string>();
  let after: string | null = null;
  do {
    const page: Page<Item> = await read(after);
    yield* page.items;
    after = page.after;
    if (after !== null && seen.has(after)) throw circle(call);
    seen.add(after ?? '');
  } while (after !== null);
}

const circle = (call: string) => new UnreadableAnswerError(call, 200, 'its pages go in a circle');

const cursorIn = (next: unknown): string | null =>
  typeof next === 'string' && URL.canParse(next) ? new URL(next).searchParams.get('after') : null;
