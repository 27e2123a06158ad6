import type { Clock } from '../clock';

export type CodeMethod = 'SMS' | 'VOICE';

/** What a number received: the text of an SMS, or the words of a call. */
export interface PhoneMessage {
  /** Grows with every message of the network. */
  id: number;
  /** Digits of the number. */
  to: string;
  method: CodeMethod;
  text: string;
  language: string;
  /** ISO 8601 */
  at: string;
}

/**
 * `lost`: accepted and never received · `redacted`: the carrier takes the code out of it · `refused`: the sender gets an
 * error.
 */
export type Reception = 'received' | 'lost' | 'redacted' | 'refused';

/** Telephones of the world: they keep what they receive, newest last, and notify whoever listens. */
export class PhoneNetwork {
  readonly #clock: Clock;
  readonly #messages: PhoneMessage[] = [];
  readonly #byNumber = new Map<string, PhoneMessage[]>();
  readonly #receptions = new Map<string, Partial<Record<CodeMethod, Reception>>>();
  readonly #listeners = new Set<(message: PhoneMessage) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How the telephone takes a method from now on; a landline refuses or loses SMS. */
  setReception(to: string, method: CodeMethod, reception: Reception): void {
    this.#receptions.set(to, { ...this.#receptions.get(to), [method]: reception });
  }

  canSend(to: string, method: CodeMethod): boolean {
    return this.#reception(to, method) !== 'refused';
  }

  /** @returns `null` when it does not arrive */
  send(message: Omit<PhoneMessage, 'id' | 'at'>): PhoneMessage | null {
    const reception = this.#reception(message.to, message.method);
    if (reception === 'lost' || reception === 'refused') return null;
    const id = this.#messages.length + 1;
    const text = reception === 'redacted' ? message.text.replace(/\d/g, '*') : message.text;
    const sent = { ...message, text, id, at: new Date(this.#clock.now()).toISOString() };
    this.#messages.push(sent);
    this.#byNumber.set(sent.to, [...(this.#byNumber.get(sent.to) ?? []), sent]);
    for (const listener of this.#listeners) listener(sent);
    return sent;
  }

  /** @param after only messages with a greater ID */
  received(to: string | null, after = 0): PhoneMessage[] {
    // IDs are places in the list, counted from one.
    if (to === null) return this.#messages.slice(after);
    return (this.#byNumber.get(to) ?? []).filter(({ id }) => id > after);
  }

  /** @returns a function that ends it */
  onMessage(listener: (message: PhoneMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #reception(to: string, method: CodeMethod): Reception {
    return this.#receptions.get(to)?.[method] ?? 'received';
  }
}
