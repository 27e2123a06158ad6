import type { DataConverter } from '@temporalio/common';
import type { Settings } from '../settings';
import { EncryptionCodec, type EncryptionOptions } from './encryption-codec';

/** Where the workflow bundle finds the failure converter. */
export const failureConverterPath = require.resolve('./failure-converter');
/** And the payload converter of workflows. */
export const workflowPayloadsPath = require.resolve('./workflow-payloads');

/** How worker and client both write to Temporal and read from it. */
export function dataConverter(
  { payloads }: Settings<'payloads'>,
  options: EncryptionOptions = {},
): DataConverter {
  return {
    failureConverterPath,
    payloadCodecs: [new EncryptionCodec(payloads.keys, options)],
    ...(options.unknownKey === 'leave' && { payloadConverterPath: require.resolve('./sealed') }),
  };
}
