import { auditNumber } from '../../audit';
import { NumberPool, StartError } from '../../client';
import { workflowIdOf } from '../../contract/workflow-ids';
import { openGateway } from '../../gateway/main';
import { KeyPool, newKey } from './key-pool';

const [k1, k2, foreign] = [newKey('k1'), newKey('k2'), newKey('k9')];
const otherK1 = newKey('k1');
const byHand = { automation: { requestCode: false, reverify: false, register: false } };

/** What each pool's workers were started with, one after another. */
const pools = { encrypted: [k1], 'in clear': [''], 'with two keys': [`${k1},${k2}`, `${k2},${k1}`] };

/** For each pool and each client's keys: what the refusal names, `null` where the client may write. */
const table: Record<keyof typeof pools, [keys: string, ring: string, refusal: RegExp | null][]> = {
  encrypted: [
    ['the right key', k1, null],
    ['a new key behind', `${k1},${k2}`, null],
    [
      'a new key before the workers have it',
      `${k2},${k1}`,
      /with the key k2, which the pool's workers do not/,
    ],
    [
      'none',
      '',
      /encrypted with the key k1, and PAYLOAD_KEYS is empty: set PAYLOAD_KEYS .* or say --in-clear/,
    ],
    [
      'a foreign key',
      foreign,
      /encrypted with the key k1, and PAYLOAD_KEYS has only k9: set PAYLOAD_KEYS to/,
    ],
    [
      'another key of the same name',
      otherK1,
      /another key of the name k1 than the pool's: set PAYLOAD_KEYS to/,
    ],
  ],
  'in clear': [
    ['none', '', null],
    [
      'a key',
      k1,
      /the pool is in clear, and PAYLOAD_KEYS would encrypt with the key k1: unset PAYLOAD_KEYS, or/,
    ],
  ],
  'with two keys': [
    ['the right keys', `${k2},${k1}`, null],
    ['the old one in front', `${k1},${k2}`, null],
    [
      'the new one alone',
      k2,
      /holds what the key k1 encrypted, and PAYLOAD_KEYS lacks it: add it behind the first/,
    ],
    ['the old one alone', k1, /encrypted with the key k2, and PAYLOAD_KEYS has only k1: set PAYLOAD_KEYS to/],
    ['none', '', /encrypted with the key k2, and PAYLOAD_KEYS is empty/],
    ['a foreign key', foreign, /encrypted with the key k2, and PAYLOAD_KEYS has only k9/],
    ['another key of the same name', `${otherK1},${k2}`, /another key of the name k1/],
  ],
};

describe.each(Object.entries(pools))('a pool %s', (name, workers) => {
  const ring = String(workers.at(-1));
  const resident = '15550781000';
  let pool: KeyPool;
  let right: NumberPool;
  let close: () => Promise<void>;
  let numbers = 15550781000;
  beforeAll(async () => {
    pool = await KeyPool.start();
    for (const keys of workers) await pool.worker(keys);
    const connected = await NumberPool.connect({ by: 'right' }, pool.env(ring));
    [right, close] = [connected, () => connected.close()];
    await right.add(resident, byHand);
    await right.waitUntil(resident, ({ phase }) => phase === 'waiting');
  });
  afterAll(async () => {
    await close();
    await pool.close();
  });

  /** How many messages the resident has had. */
  const messages = async () => {
    const { events } = await right.client.workflow.getHandle(workflowIdOf(resident)).fetchHistory();
    return events?.filter(
      (event) =>
        event.workflowExecutionSignaledEventAttributes ??
        event.workflowExecutionUpdateAcceptedEventAttributes,
    ).length;
  };
  const exists = async (number: string) => {
    const found = right.client.workflow.getHandle(workflowIdOf(number)).describe();
    return found.then(
      () => true,
      () => false,
    );
  };

  /** The right ones go on as if nothing had happened. */
  async function nobodyElseIsHindered(): Promise<void> {
    expect(await right.get(resident)).toMatchObject({ state: 'Added' });
    const listed = [];
    for await (const number of right.list()) listed.push(number);
    expect(listed.filter(({ unreadable }) => unreadable !== null)).toEqual([]);
    expect((await auditNumber(right.client, resident)).agrees).toBe(true);
  }

  describe.each(table[name as keyof typeof pools])('a client with %s', (_, keys, refusal) => {
    test(
      refusal ? 'writes nothing, and is told the key and what to do' : 'adds, signals, updates and reads',
      async () => {
        const number = String(++numbers);
        const acts = {
          add: (client: NumberPool) => client.add(number, byHand),
          update: (client: NumberPool) => client.share(resident, { partnerBusinessId: '42' }),
          signal: (client: NumberPool) => client.signal.unshare(resident, { partnerBusinessId: '42' }),
          pin: (client: NumberPool) => client.readPin(resident, 'somebody'),
        };
        const before = await messages();
        await pool.asClient(keys, async (client) => {
          for (const [act, run] of Object.entries(acts)) {
            const error = await run(client).then(
              () => null,
              (reason: unknown) => reason,
            );
            if (refusal) {
              expect([act, error]).toEqual([act, expect.any(StartError)]);
              expect((error as StartError).message).toMatch(refusal);
            } else
              expect([act, error]).toEqual([
                act,
                act === 'pin' ? expect.objectContaining({ type: 'WrongState' }) : null,
              ]);
          }
          // Reading is open to all: what cannot be read says so.
          const listed = [];
          for await (const each of client.list()) listed.push(each.phoneNumber);
          expect(listed).toContain(resident);
          await auditNumber(client.client, resident);
        });
        expect(await exists(number)).toBe(refusal === null);
        if (refusal) expect(await messages()).toBe(before);
        await nobodyElseIsHindered();
      },
    );

    test(`the gateway with the same keys ${refusal ? 'does not start' : 'starts'}`, async () => {
      const opening = openGateway({ ...pool.env(keys), GATEWAY_PORT: '0' });
      if (refusal) await expect(opening).rejects.toThrow(refusal);
      else await (await opening).close();
    });
  });

  test('whoever is told to writes in clear', async () => {
    const number = String(++numbers);
    await pool.asClient(foreign, (client) => client.add(number, byHand), { inClear: true });
    expect(await right.waitUntil(number, ({ phase }) => phase === 'waiting')).toMatchObject({
      state: 'Added',
    });
  });
});

describe('a worker', () => {
  let pool: KeyPool;
  beforeAll(async () => {
    pool = await KeyPool.start();
    await pool.worker(`${k1},${k2}`);
    await pool.worker(`${k2},${k1}`);
  });
  afterAll(() => pool.close());

  test.each([
    ['without keys', '', /encrypted with the key k2, and PAYLOAD_KEYS is empty: set PAYLOAD_KEYS/],
    [
      'with a foreign key',
      foreign,
      /has only k9: .* or make this ring the pool's with "preverified keys --set"/,
    ],
    ['with the old key alone', k1, /encrypted with the key k2, and PAYLOAD_KEYS has only k1/],
    [
      'without the old key',
      k2,
      /holds what the key k1 encrypted, and PAYLOAD_KEYS lacks it: .* "preverified keys --set"/,
    ],
    ['with another key of the same name', `${k2},${otherK1}`, /another key of the name k1/],
    [
      'that would encrypt with a key that the others lack',
      `${foreign},${k2},${k1}`,
      /put it behind k2, restart every/,
    ],
  ])('%s does not start, and touches nothing', async (_, keys, refusal) => {
    const schedules = () => pool.server.env.client.schedule.getHandle('reconcile:506914307656634').describe();
    const before = await schedules().catch(() => null);
    await expect(pool.worker(keys)).rejects.toThrow(refusal);
    expect((await schedules().catch(() => null))?.info.lastUpdatedAt).toEqual(before?.info.lastUpdatedAt);
  });

  test('with one more key behind starts, and the others go on', async () => {
    await pool.worker(`${k2},${k1},${newKey('k3')}`);
    await pool.worker(`${k2},${k1}`);
  });
});
