import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { keepRecords } from '../../client/records/keep-records';
import { endScan, headOf, openRecords, type CheckpointBody, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { verifyRecords } from '../../audit/verify-records';
import { readingConverter } from '../../audit';
import { PoolWithWebhooks } from '../webhooks/pool-with-webhooks';
import { Receiver } from '../webhooks/receiver';

const HOUR = 60 * 60 * 1000;
const digits = '15550780101';
/** Where checkpoints are kept, out of the reach of whoever keeps the records. It refuses what is not signed. */
const vault = new Receiver();
let setup: PoolWithWebhooks;
let records: Records;
let publicKey: KeyObject;

beforeAll(async () => {
  await vault.up();
  setup = await PoolWithWebhooks.start();
  const { privateKey } = generateKeyPairSync('ed25519');
  publicKey = createPublicKey(privateKey);
  const key = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  setup.laptop.env['RECORDS_SIGNING_KEY'] = `r1:${key}`;
  await setup.setEndpoints({
    vault: { receiver: vault, events: ['records.checkpoint', 'warning.records_late'] },
  });
  records = await openRecords(readSettings(needs.worker, setup.laptop.env));
}, 120_000);
afterAll(async () => {
  await records.close();
  await setup.close();
  await vault.down();
});

const keep = (checkpoint: boolean) => keepRecords(setup.laptop.connected.client, { checkpoint });
const checkpoints = () => vault.received.filter(({ body }) => body.type === 'records.checkpoint');

test('records that are half of the retention behind are alerted once, until they have caught up', async () => {
  const until = Date.now() - 13 * HOUR;
  await endScan(records, until);
  const { alerts } = await setup.check();
  const late = `default:records_late:${String(until)}`;
  expect(alerts).toContain(late);
  const { id, body } = await vault.receives('warning.records_late');
  expect([id, body.data]).toEqual([
    late,
    {
      namespace: 'default',
      records: expect.stringMatching(/^sqlite:/),
      keptUntil: new Date(until).toISOString(),
      behind: expect.any(Number),
      retention: 24 * HOUR,
      reason: null,
    },
  ]);
  expect(body.data['behind']).toBeGreaterThan(12 * HOUR);
  expect((await setup.check()).alerts).toContain(late);
  await keep(false);
  expect((await setup.check()).alerts).not.toContain(late);
  expect(vault.types().filter((type) => type === 'warning.records_late')).toHaveLength(1);
});

test('the head that a worker signs is sent, signed as webhooks are, and proves the records by itself', async () => {
  await setup.added(digits);
  await setup.pool.remove(digits);
  await setup.laptop.connected.client.workflow.getHandle(`number:${digits}`).result();
  // Temporal's list is a moment behind.
  while ((await keep(true)).kept === 0);
  const { seq, hash } = await records.use((db) => headOf(records, db));
  let sent = checkpoints();
  while (!sent.some(({ body }) => body.data['hash'] === hash)) {
    await vault.next();
    sent = checkpoints();
  }
  const { id, body: event } = sent.at(-1)!;
  const { body, keyId, signature, ...told } = event.data as Record<'body' | 'keyId' | 'signature', string>;
  const stated = JSON.parse(body) as CheckpointBody;
  expect(stated).toEqual({ chain: records.id, namespace: 'default', seq, hash, at: event.timestamp });
  expect(told).toEqual({ namespace: 'default', seq, hash });
  expect(id).toBe(`default:checkpoint:${String(Date.parse(stated.at))}`);
  expect(keyId).toBe('r1');
  expect(verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64'))).toBe(true);

  const settings = readSettings(needs.worker, setup.laptop.env);
  const verified = await verifyRecords(records, readingConverter(settings), {
    keys: settings.records.signingKeys,
    anchors: [{ body, keyId, signature }],
  });
  expect(verified).toMatchObject({ ok: true, faults: [] });
});

test('without a checkpoint asked for, the head is signed and sent once a day', async () => {
  const before = checkpoints().length;
  expect(before).toBeGreaterThan(0);
  await keep(false);
  await keep(false);
  // What comes later would come before this one.
  await keep(true);
  while (checkpoints().length === before) await vault.next();
  expect(checkpoints()).toHaveLength(before + 1);
});
