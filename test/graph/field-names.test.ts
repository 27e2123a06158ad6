import type { PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { collect, metaError, ScriptedGraph, type Answer } from './scripted-graph';

const id = '106540352242922' as PreverifiedId;
const portfolio = '506914307656634' as PortfolioId;
const waba = '102290129340398' as WabaId;
const phone = '108692048990658' as PhoneNumberId;

type Client = ReturnType<ScriptedGraph['client']>;

/** Graph's answer to a name that it does not know. */
const unknownName = metaError(100, { message: '(#100) This node has no field code_verification_status' });
const bySdk = { id, phone_number: '12115555105', code_verification_status: 'VERIFIED' };
const byOther = { id, display_phone_number: '+1 211-555-5105', verification_status: 'VERIFIED' };
const onWaba = { ...byOther, id: phone, platform_type: 'NOT_APPLICABLE', status: 'PENDING' };
const read = { phoneNumber: '12115555105', verified: true };

/** What names each call asked by. */
const asked = ({ received }: ScriptedGraph) => received.map(({ query }) => query['fields']);
const byNames = (...names: string[]) => names.map((name) => expect.stringContaining(name) as string);

const one: [string, (client: Client) => Promise<unknown>, object][] = [
  ['a pre-verified number', (client) => client.getPreverifiedNumber(id), byOther],
  ['a business phone number', (client) => client.getPhoneNumber(phone), onWaba],
];
const many: [string, (client: Client) => Promise<object[]>, object][] = [
  ['the pool', (client) => collect(client.listPreverifiedNumbers(portfolio)), byOther],
  [
    'a page of the pool',
    async (client) => (await client.preverifiedNumbersPage(portfolio, null)).items,
    byOther,
  ],
  ['a WABA', (client) => collect(client.listPhoneNumbers(waba)), onWaba],
  ['a page of a WABA', async (client) => (await client.phoneNumbersPage(waba, null)).items, onWaba],
];

describe('where Graph refuses a name (#100), the other names are tried', () => {
  test.each(one)('for %s', async (_what, run, answer) => {
    await using graph = await ScriptedGraph.start(unknownName, { json: answer }, { json: answer });
    const client = graph.client();
    expect(await run(client)).toMatchObject(read);
    expect(await run(client)).toMatchObject(read);
    expect(asked(graph)).toEqual(byNames('code_verification_status', ',verification_', ',verification_'));
  });

  test.each(many)('for %s', async (_what, run, row) => {
    await using graph = await ScriptedGraph.start(unknownName, { json: { data: [row] } });
    expect(await run(graph.client())).toMatchObject([read]);
    expect(asked(graph)).toEqual(byNames('code_verification_status', ',verification_status'));
  });

  test('and where it refuses those too, its first answer counts', async () => {
    await using graph = await ScriptedGraph.start(unknownName, metaError(100, { message: 'No' }));
    await expect(graph.client().getPreverifiedNumber(id)).rejects.toMatchObject({
      words: '(#100) This node has no field code_verification_status',
    });
    expect(graph.received).toHaveLength(2);
  });

  test('but not for an object that is gone', async () => {
    await using graph = await ScriptedGraph.start(metaError(100, { subcode: 33 }));
    await expect(graph.client().getPreverifiedNumber(id)).rejects.toMatchObject({ handling: 'gone' });
    expect(graph.received).toHaveLength(1);
  });
});

describe('where an answer names no number, the other names are tried', () => {
  test('for a pre-verified number', async () => {
    await using graph = await ScriptedGraph.start({ json: { id } }, { json: byOther }, { json: byOther });
    const client = graph.client();
    expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
    expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
    expect(asked(graph)).toEqual(byNames('id,phone_number', 'id,display_phone', 'id,display_phone'));
  });

  test.each(many)('for %s', async (_what, run, row) => {
    await using graph = await ScriptedGraph.start({ json: { data: [{ id }] } }, { json: { data: [row] } });
    expect(await run(graph.client())).toMatchObject([read]);
  });

  test.each<[string, Answer]>([
    ['refuses them', metaError(100)],
    ['answers without a number again', { json: { id } }],
  ])('and its answer stands where the deployment %s', async (_how, answer) => {
    await using graph = await ScriptedGraph.start({ json: { id } }, answer);
    expect(await graph.client().getPreverifiedNumber(id)).toMatchObject({ phoneNumber: '', verified: false });
  });

  test('what goes wrong meanwhile is no answer', async () => {
    await using graph = await ScriptedGraph.start({ json: { id } }, metaError(190));
    await expect(graph.client().getPreverifiedNumber(id)).rejects.toMatchObject({ code: '190' });
  });
});

test.each<[string, Answer]>([
  ['refuses them', unknownName],
  ['answers without a number', { json: { id } }],
])('the other names are kept only until the deployment %s', async (_how, answer) => {
  await using graph = await ScriptedGraph.start(
    unknownName,
    { json: byOther },
    answer,
    { json: bySdk },
    { json: bySdk },
  );
  const client = graph.client();
  for (let time = 0; time < 3; time++) expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
  expect(asked(graph)).toEqual(
    byNames('id,phone_number', 'id,display_', 'id,display_', 'id,phone_number', 'id,phone_number'),
  );
});

test('the other names do not stay for good: one odd object decides for a while only', async () => {
  await using graph = await ScriptedGraph.start(
    unknownName,
    { json: byOther },
    { json: byOther },
    { json: bySdk },
  );
  const client = graph.client();
  await client.getPreverifiedNumber(id);
  await client.getPreverifiedNumber(id);
  const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
  expect(await client.getPreverifiedNumber(id)).toMatchObject(read);
  later.mockRestore();
  expect(asked(graph)).toEqual(byNames('id,phone_number', 'id,display_', 'id,display_', 'id,phone_number'));
});

test('pool and WABAs learn their names each by itself', async () => {
  await using graph = await ScriptedGraph.start(unknownName, { json: byOther }, { json: onWaba });
  const client = graph.client();
  await client.getPreverifiedNumber(id);
  await client.getPhoneNumber(phone);
  expect(asked(graph).at(-1)).toContain('is_pin_enabled');
});
