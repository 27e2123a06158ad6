import { readingConverter } from '../../audit';
import { replayKept } from '../../audit/kept-run';
import { subjectOf, whoHad } from '../../audit/who';
import { readEntries, verifyChain, type Records } from '../../records';
import { KeepingLaptop } from './kept';
import { waba } from '../client/laptop';

const digits = '15550783881';
let keeping: KeepingLaptop;
let records: Records;

beforeAll(async () => {
  keeping = await KeepingLaptop.start();
  await keeping.live(digits);
  await keeping.keep(1);
  records = await keeping.openToRead();
});
afterAll(async () => {
  await records.close();
  await keeping.close();
});

const verified = () => {
  const converter = readingConverter(keeping.settings);
  return verifyChain(records, { keys: [], look: (entry, stored) => replayKept(entry, stored, converter) });
};

test('a life that has ended is in the records once, however often they are brought up to date', async () => {
  expect(await keeping.keep(1)).toMatchObject({ found: 1, kept: 0 });
  const entries = [];
  for await (const { header } of readEntries(records)) entries.push(JSON.parse(header));
  expect(entries).toEqual([
    expect.objectContaining({
      seq: 1,
      kind: 'run',
      status: 'COMPLETED',
      workflowId: `number:${digits}`,
      agrees: true,
    }),
  ]);
});

test('the chain verifies, and each history agrees with the chart', async () => {
  expect(await verified()).toEqual({ entries: 1, checkpoints: 0, ok: true, faults: [] });
});

test('who has a number is known by the number, the WABA and the customer', async () => {
  for (const subject of ['+1 555 078 3881', waba, 'lucky-shrub']) {
    const [held, ...others] = await whoHad(keeping.laptop.connected.client, records, subjectOf(subject));
    expect(others).toEqual([]);
    expect(held).toMatchObject({
      phoneNumber: digits,
      wabaId: waba,
      customerId: 'lucky-shrub',
      to: null,
      state: 'Registered',
      source: 'signup',
    });
  }
});

test('services are told who had a number, also when Temporal has forgotten it', async () => {
  const before = await keeping.pool.history(digits);
  await keeping.forget(digits);
  expect(await keeping.pool.history(digits)).toEqual(before);
  expect(before).toEqual([expect.objectContaining({ customerId: 'lucky-shrub' })]);
});
