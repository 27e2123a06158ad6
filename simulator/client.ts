import type { InferInput } from 'valibot';
import type { AssumptionSettings } from './assumptions';
import type { LoggedCall } from './control/call-log';
import type { Fault } from './control/fault';
import type { listNumbers } from './control/numbers';
import { CustomersClient } from './customers-client';
import type { CodeMethod, PhoneMessage, Reception } from './phone-network/phone-network';

export type { AssumptionSettings, LoggedCall, PhoneMessage, Reception };

/** A number that was ever added, and where it is. */
export type ListedNumber = ReturnType<typeof listNumbers>[number];
export type FaultSettings = InferInput<typeof Fault>;

/** How long one long poll waits: short of the five minutes after which Node's fetch gives up on an answer. */
const longPoll = '2 minutes';

/**
 * Steers a running simulator by its control under `/_sim/`, in the place of customers, telephones, time and Meta's bad
 * days. What waits does so for as long as it takes: how long is too long only the caller knows.
 */
export class SimulatorClient extends CustomersClient {
  readonly #lastRead = new Map<string, number>();

  /** The text of the next message that the number receives; waits for it. */
  async nextMessage(number: string): Promise<string> {
    for (;;) {
      const after = this.#lastRead.get(number) ?? 0;
      const [next] = await this.#messages({ to: number, after: String(after), wait: longPoll });
      if (!next) continue;
      this.#lastRead.set(number, next.id);
      return next.text;
    }
  }

  /** The text of the newest message that the number has received. */
  async latestMessage(number: string): Promise<string> {
    const latest = (await this.messagesTo(number)).at(-1);
    if (!latest) throw new Error(`+${number} has received nothing`);
    return latest.text;
  }

  /** What the number has received, newest last. */
  messagesTo(number: string): Promise<PhoneMessage[]> {
    return this.#messages({ to: number });
  }

  /** Every message of the network with a greater ID. */
  messagesAfter(id: number): Promise<PhoneMessage[]> {
    return this.#messages({ after: String(id) });
  }

  /** Every message of the network, as it comes, until the signal aborts. */
  async *messages(signal: AbortSignal): AsyncGenerator<PhoneMessage> {
    let after = 0;
    while (!signal.aborted) {
      for (const message of await this.#messages({ after: String(after), wait: longPoll }, signal)) {
        after = message.id;
        yield message;
      }
    }
  }

  /** How the telephone takes calls and messages from now on. */
  async setPhone(number: string, takes: Partial<Record<CodeMethod, Reception>>): Promise<void> {
    await this.request('POST', 'phones', { number, ...takes });
  }

  /** A customer picks the number in the signup popup. */
  claim(preverifiedId: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.request('POST', 'claim', { preverifiedId, wabaId });
  }

  /** The same for a number whose ID at Meta the caller does not know. @throws where it is in no pool */
  claimNumber(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.request('POST', 'claim', { phoneNumber, wabaId });
  }

  /** The same; `null` where it is in no pool. */
  async claimIfInPool(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string } | null> {
    const { place } = (await this.numbers()).findLast((number) => number.phoneNumber === phoneNumber) ?? {};
    return place === 'pool' ? this.claimNumber(phoneNumber, wabaId) : null;
  }

  /** Every number that was ever added, oldest first. */
  numbers(): Promise<ListedNumber[]> {
    return this.request('GET', 'numbers');
  }

  /** The Graph calls that came in, in order. */
  calls(filter: { call?: string; number?: string } = {}): Promise<LoggedCall[]> {
    return this.request('GET', `calls?${new URLSearchParams(filter).toString()}`);
  }

  /** The first call of that name about the number that has succeeded; waits for it. */
  async succeeded(call: string, number: string): Promise<LoggedCall> {
    const query = new URLSearchParams({ call, number, wait: longPoll });
    for (;;) {
      const calls = await this.request<LoggedCall[]>('GET', `calls?${query.toString()}`);
      const found = calls.find(({ status }) => status === 200);
      if (found) return found;
    }
  }

  /** Moves Meta's clock, against everybody else's. @param by a real time such as `90 days`, or milliseconds */
  async advanceClock(by: string | number): Promise<void> {
    await this.request('POST', 'clock', { advance: by });
  }

  /** Sets Meta's clock, which runs on from there. @param now epoch milliseconds */
  async setClock(now: number): Promise<void> {
    await this.request('POST', 'clock', { now });
  }

  /** What is to go wrong from now on. */
  async fault(faults: FaultSettings | readonly FaultSettings[]): Promise<void> {
    await this.request('POST', 'faults', faults);
  }

  async clearFaults(): Promise<void> {
    await this.request('DELETE', 'faults');
  }

  /** Settles when a call waits at the barrier. */
  async arrived(barrier: string): Promise<void> {
    await this.request('GET', `barriers/${barrier}`);
  }

  async release(barrier: string): Promise<void> {
    await this.request('POST', `barriers/${barrier}/release`);
  }

  /** Meta refuses every access token from now on, until they are restored. */
  async expireTokens(): Promise<void> {
    await this.request('POST', 'tokens/expire', {});
  }

  async restoreTokens(): Promise<void> {
    await this.request('POST', 'tokens/restore');
  }

  /** Switches for what Meta does not document. */
  async assume(assumptions: AssumptionSettings): Promise<void> {
    await this.request('POST', 'assumptions', assumptions);
  }

  #messages(query: Record<string, string>, signal?: AbortSignal): Promise<PhoneMessage[]> {
    return this.request('GET', `messages?${new URLSearchParams(query).toString()}`, undefined, signal);
  }
}
