import { condition } from '@temporalio/workflow';

/** Its memo, in clear, says which payload keys the workers know (`temporal/pool-keys.ts`); it has nothing to do. */
export async function poolKeys(): Promise<void> {
  await condition(() => false);
}
