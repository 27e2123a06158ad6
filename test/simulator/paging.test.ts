import { portfolio, startTalk, type Reply, type Talk } from './talk';

let talk: Talk;
let ids: string[];
beforeEach(async () => {
  talk = await startTalk();
  ids = [];
  for (let last = 0; last < 7; last += 1) ids.push(await talk.add(`1555078388${String(last)}`));
});
afterEach(() => talk.simulator.close());

const page = (parameters = {}) => talk.graph('GET', `${portfolio}/preverified_numbers`, parameters);
const idsOf = ({ body }: Reply): string[] => body.data.map(({ id }: { id: string }) => id);

/** Follows `next` until there is none. */
async function follow(first: Reply): Promise<Reply[]> {
  const replies = [first];
  for (let next = first.body.paging?.next; next !== undefined; next = replies.at(-1)?.body.paging?.next) {
    const response = await fetch(next);
    replies.push({ status: response.status, headers: response.headers, body: await response.json() });
  }
  return replies;
}

test('a page holds no more than limit, and its next leads through all in order', async () => {
  const replies = await follow(await page({ limit: 3, fields: 'id' }));
  expect(replies.map(idsOf)).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
  expect(replies.map(({ body }) => 'previous' in body.paging)).toEqual([false, true, true]);
});

test('cursors lead on and back', async () => {
  const first = await page({ limit: 3 });
  const second = await page({ limit: 3, after: first.body.paging.cursors.after });
  expect(idsOf(second)).toEqual(ids.slice(3, 6));
  const back = await page({ limit: 2, before: second.body.paging.cursors.before });
  expect(idsOf(back)).toEqual(ids.slice(1, 3));
});

test('a page without more has cursors and no next', async () => {
  const { body } = await page();
  expect(body.data).toHaveLength(7);
  expect(body.paging).toEqual({ cursors: { before: expect.any(String), after: expect.any(String) } });
});

test('a page ends where it should when numbers before its cursor are gone', async () => {
  const first = await page({ limit: 3 });
  await talk.graph('DELETE', String(ids[2]));
  await talk.graph('DELETE', String(ids[3]));
  expect(idsOf(await page({ limit: 3, after: first.body.paging.cursors.after }))).toEqual(ids.slice(4, 7));
});

test('filters hold on every page', async () => {
  for (const index of [1, 3, 5]) await talk.verify(String(ids[index]), `1555078388${String(index)}`);
  const replies = await follow(await page({ limit: 2, code_verification_status: 'VERIFIED' }));
  expect(replies.flatMap(idsOf)).toEqual([ids[1], ids[3], ids[5]]);
});

test.each([{ limit: 0 }, { limit: -1 }, { limit: 'many' }, { after: 'nowhere' }])(
  '%p is code 100',
  async (parameters) => {
    expect(await page(parameters)).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  },
);

test('ragged pages are empty and short by turns while next exists, and lose nothing', async () => {
  await talk.sim('POST', 'assumptions', { pages: 'ragged' });
  const replies = await follow(await page({ limit: 4 }));
  expect(replies.map(idsOf).map(({ length }) => length)).toEqual([0, 2, 0, 2, 0, 2, 0, 1]);
  expect(replies.flatMap(idsOf)).toEqual(ids);
});

test('the next link carries the token, unless it is told not to', async () => {
  const next = async () => new URL((await page({ limit: 3 })).body.paging.next).searchParams;
  expect((await next()).get('access_token')).toBe('EAAJB');
  await talk.sim('POST', 'assumptions', { nextCarriesToken: false });
  expect((await next()).has('access_token')).toBe(false);
});
