export interface PhoneMessage {
  /** Grows with each. */
  id: number;
  /** Digits. */
  to: string;
  method: 'SMS' | 'VOICE';
  text: string;
}

/** One call to Meta; `at` is Meta's own time, ISO 8601. */
export interface MadeCall {
  call: string;
  /** Digits. */
  number: string;
  status: number;
  at: string;
}

/** The simulator's control: what customers and telephones do, and Meta's moods. */
export class Meta {
  constructor(private readonly url: string) {}

  /** A customer picks the number in the signup popup. */
  claim(preverifiedId: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.#call('POST', 'claim', { preverifiedId, wabaId });
  }

  /** The same, by one who does not know Meta's ID of the number. */
  claimNumber(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.#call('POST', 'claim', { phoneNumber, wabaId });
  }

  /** The calls that were made for a number, in order; waits until one of these has succeeded, where one is named. */
  calls(number: string, succeeded?: string): Promise<MadeCall[]> {
    const awaited = succeeded === undefined ? '' : `&call=${succeeded}&wait=60s`;
    return this.#call('GET', `calls?number=${number}${awaited}`);
  }

  /** Every call that was made for any number, in order. */
  allCalls(): Promise<MadeCall[]> {
    return this.#call('GET', 'calls');
  }

  /** Sets Meta's clock, which goes on from there. @param now epoch milliseconds */
  async setClock(now: number): Promise<void> {
    await this.#call('POST', 'clock', { now });
  }

  /** Meta will not have the number. */
  async reject(number: string): Promise<void> {
    const error = { status: 400, code: 100, message: 'This number cannot be used on WhatsApp' };
    await this.fault({ call: 'add_phone_numbers', number, times: null, error });
  }

  /** Moves Meta's clock by so many milliseconds, against everybody else's. */
  async advance(span: number): Promise<void> {
    await this.#call('POST', 'clock', { advance: span });
  }

  /** What is to go wrong: see the simulator's `control/fault.ts`. */
  async fault(fault: object): Promise<void> {
    await this.#call('POST', 'faults', fault);
  }

  /** Until a call waits at a barrier. */
  async arrived(barrier: string): Promise<void> {
    await this.#call('GET', `barriers/${barrier}`);
  }

  async release(barrier: string): Promise<void> {
    await this.#call('POST', `barriers/${barrier}/release`);
  }

  /** The messages that the telephones receive, as they come. */
  async *messages(signal: AbortSignal): AsyncGenerator<PhoneMessage> {
    let after = 0;
    while (!signal.aborted) {
      const path = `messages?after=${String(after)}&wait=10000`;
      for (const message of await this.#call<PhoneMessage[]>('GET', path, undefined, signal)) {
        after = message.id;
        yield message;
      }
    }
  }

  async #call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (!response.ok) throw new Error(`The simulator refused ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}
