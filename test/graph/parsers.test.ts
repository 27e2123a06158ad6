import type { PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { sameNumber, UnreadableAnswerError } from '../../activities/graph';
import { collect, metaError, ScriptedGraph, type Answer } from './scripted-graph';

const id = '106540352242922' as PreverifiedId;
const portfolio = '506914307656634' as PortfolioId;

async function readPreverified(fields: object) {
  await using graph = await ScriptedGraph.start({ json: { id, phone_number: '12115555105', ...fields } });
  return await graph.client().getPreverifiedNumber(id);
}

async function readPhone(fields: object) {
  await using graph = await ScriptedGraph.start({ json: { id: '1', ...fields } });
  return await graph.client().getPhoneNumber('1' as PhoneNumberId);
}

describe('tolerant reading', () => {
  test.each([
    ['VERIFIED', true],
    ['NOT_VERIFIED', false],
    ['UNVERIFIED', false],
    ['EXPIRED', false],
    ['SOMETHING_NEW', false],
    [null, false],
    [undefined, false],
  ])('the status word %s: usable is %s', async (code_verification_status, verified) => {
    expect(await readPreverified({ code_verification_status })).toMatchObject({ verified });
    expect(await readPhone({ code_verification_status })).toMatchObject({ verified });
  });

  test.each([
    ['2023-04-14T22:12:31+0000', 1681510351000],
    ['2023-04-15T00:12:31+0200', 1681510351000],
    ['2023-04-14T22:12:31Z', 1681510351000],
    [1681510351, 1681510351000],
    ['1681510351', 1681510351000],
    [0, null],
    ['0', null],
    ['1970-01-01T00:00:00+0000', null],
    [null, null],
    [undefined, null],
    ['soon', null],
    [{}, null],
  ])('the time %p is %p', async (time, expected) => {
    const read = await readPreverified({ code_verification_time: time, verification_expiry_time: time });
    expect(read).toMatchObject({ verifiedAt: expected, expiresAt: expected });
  });

  test.each(['+1 211-555-5105', '+12115555105', '12115555105', '+1 (211) 555 5105'])(
    'the number %s is compared by its digits',
    async (phone_number) => {
      expect((await readPreverified({ phone_number })).phoneNumber).toBe('12115555105');
      expect(sameNumber(phone_number, '+12115555105')).toBe(true);
      expect(sameNumber(phone_number, '+12115555106')).toBe(false);
    },
  );

  test('the field names of other deployments, learned once from an answer without a number', async () => {
    const other = { id, display_phone_number: '+1 211-555-5105', verification_status: 'VERIFIED' };
    const read = { id, phoneNumber: '12115555105', verified: true };
    await using graph = await ScriptedGraph.start({ json: { id } }, { json: other }, { json: other });
    const client = graph.client();
    expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
    expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
    expect(graph.received.map(({ query }) => query['fields']?.split(',')[1])).toEqual([
      'phone_number',
      'display_phone_number',
      'display_phone_number',
    ]);
    expect(await readPhone({ phone_number: '12115555105', verification_status: 'VERIFIED' })).toMatchObject({
      phoneNumber: '12115555105',
      verified: true,
    });
  });

  test.each<[string, (client: ReturnType<ScriptedGraph['client']>) => Promise<object[]>]>([
    ['list', (client) => collect(client.listPreverifiedNumbers(portfolio))],
    ['page', async (client) => (await client.preverifiedNumbersPage(portfolio, null)).items],
  ])('a %s by other field names is asked for again by those', async (_what, read) => {
    const other = { id, display_phone_number: '12115555105', verification_status: 'VERIFIED' };
    await using graph = await ScriptedGraph.start(
      { json: { data: [{ id }] } },
      { json: other },
      { json: { data: [other] } },
    );
    expect(await read(graph.client())).toMatchObject([{ phoneNumber: '12115555105', verified: true }]);
  });

  test.each<[string, Answer]>([
    ['refuses them', metaError(100)],
    ['answers without a number again', { json: { id } }],
  ])(
    'an answer without a number stands where the deployment knows no other names: it %s',
    async (_how, answer) => {
      const none = { phoneNumber: '', verified: false };
      await using graph = await ScriptedGraph.start({ json: { id } }, answer);
      expect(await graph.client().getPreverifiedNumber(id)).toMatchObject(none);
    },
  );

  test('what goes wrong while other names are tried is no answer', async () => {
    await using graph = await ScriptedGraph.start({ json: { id } }, metaError(190));
    await expect(graph.client().getPreverifiedNumber(id)).rejects.toMatchObject({ code: '190' });
  });

  test('IDs as numbers', async () => {
    await using graph = await ScriptedGraph.start({ json: { id: 106540352242922 } });
    await expect(graph.client().addPhoneNumber(portfolio, '15550783881')).resolves.toBe(id);
  });

  test.each([
    [{ platform_type: 'CLOUD_API' }, true],
    [{ status: 'CONNECTED' }, true],
    [{ platform_type: 'NOT_APPLICABLE', status: 'PENDING' }, false],
    [{}, false],
  ])('a business phone number of %p: registered is %s', async (fields, registered) => {
    expect(await readPhone(fields)).toMatchObject({ registered });
  });
});

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
