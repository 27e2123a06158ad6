/** The simulator's control: what customers, telephones and Meta's moods do in the play. */
export class Meta {
  constructor(private readonly url: string) {}

  /** A customer picks the number in the signup popup. */
  claim(preverifiedId: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.#call('POST', 'claim', { preverifiedId, wabaId });
  }

  /** Meta will not have the number. */
  async reject(number: string): Promise<void> {
    const error = { status: 400, code: 100, message: 'This number cannot be used on WhatsApp' };
    await this.#call('POST', 'faults', { call: 'add_phone_numbers', number, times: null, error });
  }

  /** The messages that the telephones receive, as they come. */
  async *messages(signal: AbortSignal): AsyncGenerator<{ to: string; text: string }> {
    let after = 0;
    while (!signal.aborted) {
      const path = `messages?after=${String(after)}&wait=10000`;
      for (const message of await this.#call<{ id: number; to: string; text: string }[]>(
        'GET',
        path,
        undefined,
        signal,
      )) {
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
