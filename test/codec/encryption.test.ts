import { randomBytes } from 'node:crypto';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  encodeErrorToFailure,
  loadDataConverter,
} from '../../temporal/sdk-internals';
import * as fc from 'fast-check';
import { dataConverter } from '../../temporal/data-converter';
import { DecryptionError, encryptedWith, EncryptionCodec } from '../../temporal/encryption-codec';
import { readSettings } from '../../settings';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const ringOf = (...keys: string[]) => readSettings(['payloads'], { PAYLOAD_KEYS: keys.join(',') });
const codecOf = (...keys: string[]) => new EncryptionCodec(ringOf(...keys).payloads.keys);

const k1 = newKey('k1');
const k2 = newKey('k2');
const secret = { code: '123456' };
const clear = defaultPayloadConverter.toPayload(secret);

async function encrypted(codec: EncryptionCodec, payload: Payload = clear): Promise<Payload> {
  const [sealed] = await codec.encode([payload]);
  if (sealed === undefined) throw new Error('nothing came back');
  return sealed;
}

const textOf = (payload: Payload) =>
  [payload.data, ...Object.values(payload.metadata ?? {})]
    .map((bytes) => Buffer.from(bytes ?? []).toString('latin1'))
    .join();

const valueOf = (payload: Payload | undefined) =>
  payload && defaultPayloadConverter.fromPayload<unknown>(payload);

test('what is encrypted comes back, and cannot be read meanwhile', async () => {
  const codec = codecOf(k1);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 5 }), async (values) => {
      const payloads = values.map((value) => defaultPayloadConverter.toPayload(value));
      const decoded = await codec.decode(await codec.encode(payloads));
      expect(decoded.map(valueOf)).toEqual(payloads.map(valueOf));
    }),
    { numRuns: 50 },
  );
  const sealed = await encrypted(codec);
  expect(textOf(sealed)).not.toContain('123456');
  expect(textOf(sealed)).not.toContain('json/plain');
  expect(encryptedWith(sealed)).toBe('k1');
});

test('the same payload never looks the same twice', async () => {
  const codec = codecOf(k1);
  expect(textOf(await encrypted(codec))).not.toBe(textOf(await encrypted(codec)));
});

test('after a rotation the first key encrypts and the old one still decrypts', async () => {
  const old = await encrypted(codecOf(k1));
  const rotated = codecOf(k2, k1);
  expect(valueOf((await rotated.decode([old]))[0])).toEqual(secret);
  expect(encryptedWith(await encrypted(rotated))).toBe('k2');
});

test('a payload in clear is read as it is, with keys and without', async () => {
  expect(await codecOf(k1).decode([clear])).toEqual([clear]);
  expect(await codecOf().decode([clear])).toEqual([clear]);
  expect(await codecOf().encode([clear])).toEqual([clear]);
});

test('a missing key is named', async () => {
  const sealed = await encrypted(codecOf(k1));
  await expect(codecOf(k2).decode([sealed])).rejects.toThrow(
    'A payload was encrypted with the key "k1", which is not among PAYLOAD_KEYS',
  );
  await expect(codecOf().decode([sealed])).rejects.toThrow(DecryptionError);
});

test('a reader who may see only a part gets what its keys open and the rest as it is', async () => {
  const [mine, foreign] = [await encrypted(codecOf(k1)), await encrypted(codecOf(k2))];
  const reader = new EncryptionCodec(ringOf(k1).payloads.keys, { unknownKey: 'leave' });
  const [opened, left] = await reader.decode([mine, foreign]);
  expect(valueOf(opened)).toEqual(secret);
  expect(left).toBe(foreign);
  expect(left && encryptedWith(left)).toBe('k2');
});

describe('an altered payload is refused', () => {
  const altered: [string, (sealed: Payload) => Payload][] = [
    ['a bit of the ciphertext', (p) => ({ ...p, data: flipped(p, 20) })],
    ['a bit of the IV', (p) => ({ ...p, data: flipped(p, 0) })],
    ['a bit of the tag', (p) => ({ ...p, data: flipped(p, (p.data?.length ?? 0) - 1) })],
    ['cut short', (p) => ({ ...p, data: p.data?.slice(0, -1) ?? null })],
    ['empty', (p) => ({ ...p, data: new Uint8Array() })],
    ['without data', ({ metadata }) => ({ metadata: metadata ?? null })],
  ];
  test.each(altered)('%s', async (_, alter) => {
    const codec = codecOf(k1);
    const sealed = alter(await encrypted(codec));
    await expect(codec.decode([sealed])).rejects.toThrow(
      'A payload encrypted with the key "k1" cannot be read: it was altered, or',
    );
  });

  test('another key of the same ring in its metadata', async () => {
    const codec = codecOf(k1, k2);
    const sealed = await encrypted(codec);
    const metadata = { ...sealed.metadata, 'encryption-key-id': Buffer.from('k2') };
    await expect(codec.decode([{ ...sealed, metadata }])).rejects.toThrow(/the key "k2" cannot be read/);
  });

  test('the same key under another ID: the ID is authenticated', async () => {
    const [, base64 = ''] = k1.split(':');
    const sealed = await encrypted(codecOf(k1));
    const metadata = { ...sealed.metadata, 'encryption-key-id': Buffer.from('other') };
    await expect(codecOf(`other:${base64}`).decode([{ ...sealed, metadata }])).rejects.toThrow(
      DecryptionError,
    );
  });

  test('another key under the same ID', async () => {
    const sealed = await encrypted(codecOf(k1));
    await expect(codecOf(newKey('k1')).decode([sealed])).rejects.toThrow(/PAYLOAD_KEYS holds another key/);
  });
});

test('messages, stacks and details of failures are encrypted, causes included', async () => {
  const converter = loadDataConverter(dataConverter(ringOf(k1)));
  const error = ApplicationFailure.create({
    message: 'wrong code 123456',
    type: 'WrongCode',
    details: [{ given: '123456' }],
    cause: new Error('Meta refused 123456'),
  });
  const failure = await encodeErrorToFailure(converter, error);
  expect(failure.message).toBe('Encoded failure');
  expect(JSON.stringify(failure)).not.toContain('123456');
  expect(failure.cause?.encodedAttributes).toBeTruthy();
  expect(failure.applicationFailureInfo?.type).toBe('WrongCode');

  const back = await decodeOptionalFailureToOptionalError(converter, failure);
  expect(back).toMatchObject({
    message: 'wrong code 123456',
    type: 'WrongCode',
    details: [{ given: '123456' }],
  });
  expect(back?.stack).toContain('encryption.test.ts');
  expect(back?.cause).toMatchObject({ message: 'Meta refused 123456' });
});

function flipped({ data }: Payload, at: number): Uint8Array {
  const copy = Uint8Array.from(data ?? []);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
