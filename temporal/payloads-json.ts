import type { Payload } from '@temporalio/common';
import * as v from 'valibot';

/** Temporal's `Payloads` message as proto3 JSON: bytes are base64, of either alphabet. */
const bytes = v.pipe(
  v.string('bytes must be a string in base64'),
  v.regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'bytes must be in base64'),
  v.transform((base64) => new Uint8Array(Buffer.from(base64, 'base64'))),
);

const PayloadJson = v.pipe(
  v.object(
    { metadata: v.nullish(v.record(v.string(), bytes)), data: v.nullish(bytes) },
    'a payload must be an object',
  ),
  v.transform(({ metadata, data }): Payload => ({ ...(metadata && { metadata }), ...(data && { data }) })),
);

/** Proto3 JSON leaves an empty list out: the Temporal CLI sends `{}` for a query without an argument. */
export const PayloadsJson = v.object(
  { payloads: v.nullish(v.array(PayloadJson, 'payloads must be a list'), []) },
  'the body must be {"payloads": [{"metadata": {…}, "data": "…"}]} with bytes in base64',
);

export function toPayloadsJson(payloads: readonly Payload[]) {
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
      ),
      ...(data && { data: base64(data) }),
    })),
  };
}

const base64 = (value: Uint8Array) => Buffer.from(value).toString('base64');
