import { setTimeout as pause } from 'node:timers/promises';
import {
  RefusedError,
  TimedOutError,
  type NumberPool,
  type NumberRecord,
  type AddOptions,
} from '../../../client';
import type { MessageName, MessagePayload } from '../../../contract/messages';

/** An update that was answered: it must be in effect. */
export interface Acknowledged {
  number: string;
  name: MessageName | 'add';
  payload: unknown;
}

/** A service that gives up on nothing: what was not answered it asks again, and it keeps what was. */
export class Service {
  readonly acknowledged: Acknowledged[] = [];
  /** Calls that got no answer. */
  unanswered = 0;

  constructor(
    private readonly pool: NumberPool,
    private readonly signal: AbortSignal,
  ) {}

  async add(number: string, options: AddOptions): Promise<void> {
    await this.#insist(() => this.pool.add(number, options));
    this.acknowledged.push({ number, name: 'add', payload: options });
  }

  /** @returns the number's record, or the refusal */
  async send<Name extends MessageName>(
    name: Name,
    number: string,
    payload: MessagePayload<Name>,
  ): Promise<NumberRecord | RefusedError> {
    const send = this.pool[name].bind(this.pool) as (
      number: string,
      payload: MessagePayload<Name>,
    ) => Promise<NumberRecord>;
    const answer = await this.#insist(() => send(number, payload));
    if (!(answer instanceof RefusedError)) this.acknowledged.push({ number, name, payload });
    return answer;
  }

  get(number: string): Promise<NumberRecord | RefusedError> {
    return this.#insist(() => this.pool.get(number));
  }

  /** Waits until the number is as wanted, or for so many milliseconds. @returns how it is then */
  async until(
    number: string,
    wanted: (record: NumberRecord) => boolean,
    timeout = Infinity,
  ): Promise<NumberRecord> {
    const end = Date.now() + timeout;
    for (;;) {
      const left = Math.min(end - Date.now(), 10_000);
      if (left > 0) {
        const options = { timeout: left, signal: this.signal };
        try {
          return await this.pool.waitUntil(number, wanted, options);
        } catch (error) {
          if (!(error instanceof TimedOutError) && !(error instanceof RefusedError))
            await this.#missed(error);
          if (error instanceof RefusedError && error.type !== 'WrongState') throw error;
        }
      }
      const record = await this.get(number);
      if (record instanceof RefusedError) throw record;
      if (wanted(record) || Date.now() >= end || endings.has(record.state)) return record;
    }
  }

  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | RefusedError> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof RefusedError) return error;
        await this.#missed(error);
      }
    }
  }

  async #missed(error: unknown): Promise<void> {
    if (this.signal.aborted) throw error;
    this.unanswered++;
    await pause(500);
  }
}

const endings = new Set(['Registered', 'Removed', 'Rejected']);
