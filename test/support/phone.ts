import type { LoggedCall } from '../../simulator/control/call-log';
import type { listNumbers } from '../../simulator/control/numbers';
import type { PhoneMessage, Reception } from '../../simulator/phone-network/phone-network';

/** A telephone of the simulator's network, and the simulator's control: what tests do in the place of customers and time. */
export class SimulatorControl {
  readonly #seen = new Map<string, number>();

  constructor(readonly url: string) {}

  /** The text of the next message that the number receives; waits for it. */
  async nextMessage(number: string): Promise<string> {
    const after = this.#seen.get(number) ?? 0;
    const messages = await this.#call<{ id: number; text: string }[]>(
      'GET',
      `messages?to=${number}&after=${String(after)}&wait=60000`,
    );
    const [next] = messages;
    if (!next) throw new Error(`+${number} received nothing in a minute`);
    this.#seen.set(number, next.id);
    return next.text;
  }

  /** The text of the newest message that the number has received. */
  async latestMessage(number: string): Promise<string> {
    const latest = (await this.messagesTo(number)).at(-1);
    if (!latest) throw new Error(`+${number} has received nothing`);
    return latest.text;
  }

  /** What the number has received, newest last. */
  messagesTo(number: string): Promise<PhoneMessage[]> {
    return this.#call('GET', `messages?to=${number}`);
  }

  /** Every message of the network with a greater ID. */
  messagesAfter(id: number): Promise<PhoneMessage[]> {
    return this.#call('GET', `messages?after=${String(id)}`);
  }

  /** How the telephone takes calls and messages from now on. */
  async setPhone(number: string, takes: Partial<Record<'SMS' | 'VOICE', Reception>>): Promise<void> {
    await this.#call('POST', 'phones', { number, ...takes });
  }

  /** A customer picks the number. */
  claim(preverifiedId: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.#call('POST', 'claim', { preverifiedId, wabaId });
  }

  /** … whichever it is called at Meta; `null` where it is in no pool. */
  async claimByNumber(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string } | null> {
    const { place } = (await this.numbers()).findLast((number) => number.phoneNumber === phoneNumber) ?? {};
    return place === 'pool' ? this.#call('POST', 'claim', { phoneNumber, wabaId }) : null;
  }

  /** Every number that was ever added, and where it is. */
  numbers(): Promise<ReturnType<typeof listNumbers>> {
    return this.#call('GET', 'numbers');
  }

  /** What was asked of Meta, in order. */
  calls(filter: { call?: string; number?: string } = {}): Promise<LoggedCall[]> {
    return this.#call('GET', `calls?${new URLSearchParams(filter).toString()}`);
  }

  fault(fault: object): Promise<unknown> {
    return this.#call('POST', 'faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  /** Every access token is refused from now on, until they are good again. */
  async expireTokens(): Promise<void> {
    await this.#call('POST', 'tokens/expire', {});
  }

  async restoreTokens(): Promise<void> {
    await this.#call('POST', 'tokens/restore');
  }

  async arrived(barrier: string): Promise<void> {
    await this.#call('GET', `barriers/${barrier}`);
  }

  async release(barrier: string): Promise<void> {
    await this.#call('POST', `barriers/${barrier}/release`);
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
