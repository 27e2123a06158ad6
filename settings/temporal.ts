import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ConnectionOptions } from '@temporalio/client';
import type { Reading, Section } from './section';

export interface TemporalSettings {
  /** `host:port` */
  address: string;
  namespace: string;
  /** For the client's and the worker's connection alike: address, TLS, API key, gRPC metadata. */
  connectionOptions: Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata'>;
}

/**
 * Temporal's own environment configuration, as every SDK and the Temporal CLI read it: `TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`, `TEMPORAL_PROFILE` and its configuration file.
 */
export const temporal: Section<TemporalSettings> = {
  variables: [],
  read(env): Reading<TemporalSettings> {
    try {
      const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
        overrideEnvVars: { ...env },
      });
      const { address = 'localhost:7233', tls, apiKey, metadata } = connectionOptions;
      if (!isAddress(address)) {
        return fault('TEMPORAL_ADDRESS must be a host and a port without a scheme, such as localhost:7233');
      }
      const options = Object.entries({ address, tls, apiKey, metadata }).filter(
        ([, value]) => value !== undefined,
      );
      return { ok: true, values: { address, namespace, connectionOptions: Object.fromEntries(options) } };
    } catch (error) {
      return fault(
        `Temporal's settings cannot be read: ${reasonOf(error)}; look at TEMPORAL_PROFILE, ${files}`,
      );
    }
  },
};

const files = 'TEMPORAL_CONFIG_FILE and the TEMPORAL_TLS_…_PATH variables';

const fault = (sentence: string) => ({ ok: false as const, faults: [sentence] });

function isAddress(value: string): boolean {
  return /^(\[[\da-fA-F:.]+\]|[^\s:/[\]]+)(:\d{1,5})?$/.test(value);
}

/** The first line alone: a parser's message goes on with the lines of the file, which may hold an API key. */
function reasonOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
