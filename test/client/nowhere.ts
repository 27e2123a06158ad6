import { Client, Connection } from '@temporalio/client';
import { NumberPool, type PoolOptions } from '../../client';

/** A pool on a Temporal that does not exist: what it answers was found out before anything was written. */
export function poolNowhere(options: PoolOptions = {}): NumberPool {
  const connection = Connection.lazy({ address: '127.0.0.1:1', connectTimeout: 1 });
  return new NumberPool(new Client({ connection }), { portfolioId: '506914307656634', ...options });
}
