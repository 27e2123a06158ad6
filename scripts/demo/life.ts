import { setTimeout } from 'node:timers/promises';
import type { NumberPool, NumberRecord, NumberState } from '../../client';
import { RefusedError } from '../../client';
import type { Clock } from './clock';
import type { Meta } from '../stack/meta';
import type { Narrator } from './narrator';

/** One number on stage: the pool and the customer act, the narrator tells. */
export class Life {
  constructor(
    readonly number: string,
    private readonly pool: NumberPool,
    private readonly meta: Meta,
    private readonly clock: Clock,
    private readonly narrator: Narrator,
    private readonly wabaId: string,
  ) {}

  async day(day: number): Promise<void> {
    await setTimeout(this.clock.until(day));
  }

  /** Waits for a state, telling every change on the way. */
  reaches(state: NumberState): Promise<NumberRecord> {
    return this.is(state, (record) => record.state === state);
  }

  async is(name: string, wanted: (record: NumberRecord) => boolean): Promise<NumberRecord> {
    return this.pool.waitUntil(
      this.number,
      (record) => {
        this.narrator.tell(record);
        return wanted(record);
      },
      { name, timeout: this.clock.span(130) },
    );
  }

  operator(act: (pool: NumberPool, number: string) => Promise<NumberRecord>): Promise<NumberRecord> {
    return act(this.pool, this.number);
  }

  /** A customer picks the number in signup, and its session message tells us. */
  async customerTakesIt(): Promise<void> {
    const { preverifiedId } = await this.pool.get(this.number);
    const { phoneNumberId } = await this.meta.claim(preverifiedId ?? '', this.wabaId);
    await this.pool.claim(this.number, {
      wabaId: this.wabaId,
      phoneNumberId,
      customerId: `customer-${this.wabaId.slice(-2)}`,
      source: 'signup',
      by: 'demo',
    });
  }
}

/** What every number with a telephone does: a code that arrives is handed in, whatever asked for it. */
export async function handInCodes(pool: NumberPool, meta: Meta, signal: AbortSignal): Promise<void> {
  for await (const { to, text } of meta.messages(signal)) {
    pool.submitCode(to, { code: text, by: 'phone' }).catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error;
    });
  }
}
