import { invalidParameter } from '../graph-error';
import type { Parameters } from './parameters';

const defaultLimit = 25;
/** Meta caps what a page can hold without saying so. */
const greatestLimit = 100;

/** A place in a list that stays right when objects before it come and go. */
interface Cursor {
  sequence: number;
  /** Ragged pages: the empty page of this place has been given. */
  blankGiven: boolean;
}

export interface Page<Item> {
  items: Item[];
  cursors: { before: string; after: string } | null;
  hasNext: boolean;
  hasPrevious: boolean;
}

/**
 * One page of a list in creation order.
 *
 * @param pages `ragged`: every other page is empty and the rest half as long as asked for; the list goes on until
 * there is no next page
 * @throws GraphError 100 for a bad `limit` or cursor
 */
export function pageOf<Item extends { sequence: number }>(
  all: readonly Item[],
  parameters: Parameters,
  pages: 'full' | 'ragged',
): Page<Item> {
  const limit = readLimit(parameters.text('limit'));
  const size = pages === 'ragged' ? Math.ceil(limit / 2) : limit;
  const after = readCursor(parameters.text('after'));
  const before = readCursor(parameters.text('before'));
  const rest = all.filter(
    ({ sequence }) => sequence > (after?.sequence ?? 0) && sequence < (before?.sequence ?? Infinity),
  );
  if (pages === 'ragged' && before === null && rest.length > 0 && after?.blankGiven !== true) {
    const here = { sequence: after?.sequence ?? 0, blankGiven: true };
    return { items: [], cursors: cursorsOf(here, here), hasNext: true, hasPrevious: after !== null };
  }
  const items = before === null ? rest.slice(0, size) : rest.slice(-size);
  const [first, last] = [items.at(0), items.at(-1)];
  return {
    items,
    cursors: first && last ? cursorsOf(placeOf(first), placeOf(last)) : null,
    hasNext: last !== undefined && all.some(({ sequence }) => sequence > last.sequence),
    hasPrevious: first !== undefined && all.some(({ sequence }) => sequence < first.sequence),
  };
}

const placeOf = ({ sequence }: { sequence: number }): Cursor => ({ sequence, blankGiven: false });

const cursorsOf = (before: Cursor, after: Cursor) => ({
  before: writeCursor(before),
  after: writeCursor(after),
});

const writeCursor = ({ sequence, blankGiven }: Cursor): string =>
  Buffer.from(`${String(sequence)}${blankGiven ? '+' : ''}`).toString('base64url');

function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const place = /^(\d+)(\+?)$/.exec(Buffer.from(text, 'base64url').toString());
  if (place === null) throw invalidParameter('Invalid cursor');
  return { sequence: Number(place[1]), blankGiven: place[2] === '+' };
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return defaultLimit;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalidParameter('Param limit must be a number above 0');
  return Math.min(Number(text), greatestLimit);
}
