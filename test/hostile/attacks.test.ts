import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { newWaba, Stack, type Session } from './stack';
import { portfolioId } from '../client/laptop';

jest.setTimeout(240_000);

let stack: Stack;
let numbers: string[];
const figures: [string, number][] = [];
let customers = 0;
const name = (what: string) => `${what}-${String(++customers)}`;

beforeAll(async () => {
  stack = await Stack.start();
  numbers = await stack.add(5);
});
afterAll(async () => {
  await stack.close();
  for (const [attack, calls] of figures)
    process.stderr.write(`hostile: ${attack}: ${String(calls)} calls to Meta\n`);
});
/** Nobody holds a number when an attack begins. */
beforeEach(async () => {
  for (const number of numbers) await stack.pool.release(number, {});
});

/** A customer with a link, and the number that it reserved for them. */
async function invited(what: string): Promise<{ session: Session; number: string }> {
  const session = await stack.invite(name(what));
  const number = await stack.heldBy(session.customerId, numbers);
  return { session, number: String(number) };
}

/** Whatever was said of it, the number is as before and the next customer can have it. */
async function expectFree(number: string): Promise<void> {
  await stack.looked(number);
  expect(await stack.pool.get(number)).toMatchObject({ state: 'Verified', claim: null });
  await stack.pool.release(number, {});
  const next = name('next');
  expect(await stack.pool.reserve(number, { customerId: next })).toMatchObject({
    reservation: { customerId: next },
  });
}

/** Counts the calls to Meta that an attack causes. */
async function counted(attack: string, act: () => Promise<void>): Promise<number> {
  const before = await stack.callsToMeta();
  await act();
  const calls = (await stack.callsToMeta()) - before;
  figures.push([attack, calls]);
  return calls;
}

// Before all that leaves reports behind, for which Meta is asked later.
describe('a link whose reservation has ended', () => {
  async function twoCustomers() {
    const before = await invited('before');
    expect((await stack.tell(before.session, 'CANCEL')).status).toBe(202);
    await stack.pool.waitUntil(before.number, ({ reservation }) => reservation === null);
    const customerId = name('after');
    await stack.pool.reserve(before.number, { customerId });
    return { old: before.session, number: before.number, customerId };
  }

  const acts: [string, (old: Session) => Promise<{ status: number }>][] = [
    ['FINISH', (old) => stack.tell(old, 'FINISH', { waba_id: newWaba() })],
    [
      'FINISH of the app',
      (old) => stack.tell(old, 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: newWaba() }),
    ],
    ['ERROR', (old) => stack.tell(old, 'ERROR', { error_message: 'no' })],
    [
      'CANCEL after FINISH',
      async (old) => {
        await stack.tell(old, 'FINISH', { waba_id: newWaba() });
        return stack.tell(old, 'CANCEL', { current_step: 'PERMISSIONS' });
      },
    ],
  ];

  test.each(acts)('%s changes nothing for the next customer, and asks Meta nothing', async (act, say) => {
    const { old, number, customerId } = await twoCustomers();
    const { reservation } = await stack.pool.get(number);
    const calls = await counted(`${act} of an ended reservation`, async () => {
      expect([200, 202]).toContain((await say(old)).status);
      expect(await stack.pool.get(number)).toMatchObject({
        state: 'Verified',
        claim: null,
        reportedClaims: [],
        reservation,
      });
    });
    expect(reservation).toMatchObject({ customerId });
    expect(calls).toBe(0);
  });

  test('is shown no code, and told why', async () => {
    const { old, number } = await twoCustomers();
    await stack.pool.receiveCode(number, { text: 'WhatsApp code 123-456' }).catch(() => undefined);
    expect(await stack.code(old)).toMatchObject({ status: 410, message: expect.stringMatching(/has ended/) });
  });

  test('hides no true claim: Meta tells us of the WABA', async () => {
    const { session, number } = await invited('late');
    await stack.tell(session, 'CANCEL');
    const wabaId = newWaba();
    await stack.takeAtMeta(number, wabaId);
    expect(await stack.partnerAdded(wabaId)).toBe(202);
    await stack.pool.waitFor(number, 'Registered', { timeout: 60_000 });
    numbers = [...numbers.filter((other) => other !== number), ...(await stack.add(1))];
  });
});

describe('one link, and a false word that the number was taken', () => {
  type Data = (number: string) => Promise<Record<string, string>> | Record<string, string>;
  const lies: [string, Data][] = [
    ['on a WABA that is made up', () => ({ waba_id: newWaba() })],
    ['on the portfolio itself', () => ({ waba_id: portfolioId })],
    ['with a business phone number that is made up', () => ({ waba_id: newWaba(), phone_number_id: '1' })],
    [
      'with the pre-verified number in the place of the business phone number',
      async (number) => ({
        waba_id: newWaba(),
        phone_number_id: String((await stack.pool.get(number)).preverifiedId),
      }),
    ],
  ];

  test.each(lies)(
    '%s: it stays in the pool, and is free as soon as its reservation ends',
    async (lie, data) => {
      const { session, number } = await invited('liar');
      const calls = await counted(`false claim ${lie}`, async () => {
        expect((await stack.tell(session, 'FINISH', await data(number))).status).toBe(202);
        await expectFree(number);
      });
      expect(calls).toBeLessThan(10);
    },
  );

  test('repeated for one number after the other, takes not the pool: others still get theirs', async () => {
    const { session } = await invited('greedy');
    let mine: Session = session;
    await counted('false claims of one number after the other', async () => {
      for (let round = 0; round < 10; round++) {
        await stack.tell(mine, 'FINISH', { waba_id: newWaba() });
        await stack.tell(mine, 'CANCEL');
        const { status, token } = await stack.again(session);
        expect([200, 409, 429]).toContain(status);
        mine = { ...session, token: token ?? mine.token };
      }
    });
    for (const number of numbers) await stack.looked(number);
    const records = await Promise.all(numbers.map((number) => stack.pool.get(number)));
    expect(records.filter(({ reservation }) => reservation).length).toBeLessThanOrEqual(1);
    expect(records.every(({ state }) => state === 'Verified')).toBe(true);
    for (let others = 0; others < numbers.length - 1; others++) await stack.invite(name('other'));
  });
});

test('one link and a WABA for each request: a few are searched, behind everybody else', async () => {
  const { session } = await invited('searcher');
  const { client } = stack.laptop.connected;
  const calls = await counted('200 events of unknown names', async () => {
    for (let request = 0; request < 200; request++)
      await stack.tell(session, `NEW_${String(request)}`, { waba_id: newWaba() });
    await stack.pool.refresh(numbers[0]!);
  });
  const searches: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'findClaims'` }))
    searches.push(workflowId);
  // One is Meta's own, of a test before.
  expect(searches.length).toBeLessThanOrEqual(3);
  expect(calls).toBeLessThanOrEqual(10);
});

test('a report that contradicts one that is open is looked at too', async () => {
  const { session, number } = await invited('hasty');
  expect((await stack.tell(session, 'FINISH', { waba_id: newWaba() })).status).toBe(202);
  const wabaId = newWaba();
  const phone_number_id = await stack.takeAtMeta(number, wabaId);
  expect((await stack.tell(session, 'FINISH', { waba_id: wabaId, phone_number_id })).status).toBe(202);
  await stack.pool.waitFor(number, 'Registered', { timeout: 60_000 });
  expect((await stack.pool.get(number)).claim).toMatchObject({ wabaId, customerId: session.customerId });
  numbers = [...numbers.filter((other) => other !== number), ...(await stack.add(1))];
});

test('a number whose workflow does not answer closes signup for nobody', async () => {
  const stuck = '15550789999';
  const keyword = (key: string) => defineSearchAttributeKey(key, SearchAttributeType.KEYWORD);
  const { client } = stack.laptop.connected;
  // It looks the best of all, and no worker takes its tasks.
  await client.workflow.start('numberLifecycle', {
    workflowId: `number:${stuck}`,
    taskQueue: `${NUMBERS_TASK_QUEUE}-of-nobody`,
    args: [{ phoneNumber: stuck, portfolioId }],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: keyword('NumberState'), value: 'Verified' },
      { key: keyword('PortfolioId'), value: portfolioId },
      {
        key: defineSearchAttributeKey('VerificationExpiresAt', SearchAttributeType.DATETIME),
        value: new Date(Date.now() + 10 ** 10),
      },
    ]),
  });
  for (;;) {
    const listed: string[] = [];
    for await (const { phoneNumber } of stack.pool.list({ state: 'Verified', customerId: null }))
      listed.push(phoneNumber);
    if (listed.includes(stuck)) break;
  }
  const warnings: string[] = [];
  const pool = stack.laptop.pool({ answerWithin: 8_000, warn: (message) => warnings.push(message) });
  const begun = Date.now();
  const first = await pool.reserveOne({ customerId: name('unlucky') });
  const tried = Date.now() - begun;
  const second = await pool.reserveOne({ customerId: name('lucky') });
  expect([first.phoneNumber, second.phoneNumber]).not.toContain(stuck);
  expect(warnings).toEqual([expect.stringContaining(stuck)]);
  process.stderr.write(
    `hostile: a stuck number: ${String(tried)} ms for the first, then ${String(Date.now() - begun - tried)} ms\n`,
  );
  await client.workflow.getHandle(`number:${stuck}`).terminate();
});
