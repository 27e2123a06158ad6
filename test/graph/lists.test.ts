import fc from 'fast-check';
import { UnreadableAnswerError } from '../../activities/graph';
import type { PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { collect, ScriptedGraph, type Answer } from './scripted-graph';

const portfolio = '506914307656634' as PortfolioId;
const waba = '102290129340398' as WabaId;

describe('lists', () => {
  const page = (ids: number[], paging?: object): Answer => ({
    json: {
      data: ids.map((each) => ({ id: String(each), phone_number: `1555000000${String(each)}` })),
      ...(paging ? { paging } : {}),
    },
  });
  const more = (after: string) => ({
    cursors: { before: 'b', after },
    next: `https://evil.example/v24.0/?access_token=t&after=${after}`,
  });

  async function idsOf(graph: ScriptedGraph): Promise<string[]> {
    const numbers = await collect(graph.client().listPreverifiedNumbers(portfolio));
    return numbers.map(({ id }) => id);
  }

  test('are read on over short and empty pages until next is absent, on our own host', async () => {
    await using graph = await ScriptedGraph.start(
      page([1, 2], more('x')),
      page([], more('y')),
      page([3], more('z')),
      page([4], { cursors: { after: 'end' } }),
    );
    expect(await idsOf(graph)).toEqual(['1', '2', '3', '4']);
    expect(graph.received.map(({ query }) => query['after'])).toEqual([undefined, 'x', 'y', 'z']);
    expect(graph.received.every(({ query }) => query['limit'] === '100' && query['fields'])).toBe(true);
  });

  test('take the cursor out of next where it stands alone', async () => {
    await using graph = await ScriptedGraph.start(page([1], { next: more('q').next }), page([2]));
    expect(await idsOf(graph)).toEqual(['1', '2']);
    expect(graph.received[1]?.query['after']).toBe('q');
  });

  test.each<[string, Answer[]]>([
    ['whose cursor comes again', [page([1], more('x')), page([2], more('y')), page([3], more('x'))]],
    ['without a cursor', [page([1], { next: 'https://graph.facebook.com/' })]],
    ['whose next is no address', [page([1], { next: 'page 2' })]],
  ])('%s end with an error, not in a circle', async (_name, script) => {
    await using graph = await ScriptedGraph.start(...script);
    await expect(idsOf(graph)).rejects.toBeInstanceOf(UnreadableAnswerError);
    expect(graph.received).toHaveLength(script.length);
  });

  test('are asked for only as far as they are read', async () => {
    await using graph = await ScriptedGraph.start(page([1], more('x')), page([2]));
    for await (const number of graph.client().listPhoneNumbers('1' as WabaId)) {
      expect(number.id).toBe('1');
      break;
    }
    expect(graph.received).toHaveLength(1);
  });
});

describe('a row that cannot be read costs no other row', () => {
  const good = { id: '7', phone_number: '15550783881', display_phone_number: '15550783881', name: 'Lucky' };
  /** The side fields in any type; `id` and the number stay. */
  const odd = fc
    .dictionary(
      fc.constantFrom(
        'name',
        'verified_name',
        'code_verification_status',
        'code_verification_time',
        'verification_expiry_time',
        'owner_business',
        'platform_type',
        'status',
        'is_preverified_number',
        'is_pin_enabled',
      ),
      fc.jsonValue(),
    )
    .map((fields) => ({ ...good, ...fields }));
  const bad = fc.constantFrom<unknown>(
    null,
    7,
    'x',
    [],
    {},
    { id: null },
    { id: '' },
    { id: 'x', name: 'y' },
    [good],
  );

  test.each<[string, (client: ReturnType<ScriptedGraph['client']>) => AsyncIterable<object>]>([
    ['the pool', (client) => client.listPreverifiedNumbers(portfolio)],
    ['a WABA', (client) => client.listPhoneNumbers(waba)],
    ['the WABAs that are shared', (client) => client.listClientWabas(portfolio)],
    ['the partners of a number', (client) => client.listPartners('1' as PreverifiedId)],
  ])('of %s, and the log hears of it', async (_what, list) => {
    await fc.assert(
      fc.asyncProperty(fc.array(bad, { minLength: 1, maxLength: 3 }), odd, async (rows, row) => {
        const warnings: string[] = [];
        await using graph = await ScriptedGraph.start({ json: { data: [...rows, row, good] } });
        const client = graph.client({ warn: (message) => warnings.push(message) });
        expect(await collect(list(client))).toMatchObject([{ id: '7' }, { id: '7' }]);
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toMatch(/^GET \/\d+\/\w+: left out \d of \d rows, which cannot be read\.$/);
      }),
      { numRuns: 25 },
    );
  });

  test.each([null, [], 'x', 7, { cursors: null }, { cursors: [] }])(
    'paging of %p is the end',
    async (paging) => {
      await using graph = await ScriptedGraph.start({ json: { data: [good], paging } });
      expect(await collect(graph.client().listPhoneNumbers(waba))).toHaveLength(1);
    },
  );

  test('a list that is none is an error, not the end of it', async () => {
    await using graph = await ScriptedGraph.start({ json: { data: null } });
    await expect(collect(graph.client().listPhoneNumbers(waba))).rejects.toBeInstanceOf(
      UnreadableAnswerError,
    );
  });
});
