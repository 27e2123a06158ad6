/** A WhatsApp message, from a business or to one. */
export interface WhatsAppMessage {
  /** `wamid.…` */
  id: string;
  /** Digits. */
  from: string;
  to: string;
  text: string;
  /** ISO 8601 */
  at: string;
}

/** Every message that went through, oldest first. */
export class WhatsAppMessages {
  readonly #messages: WhatsAppMessage[] = [];

  /** @param stamp gives the next message its digits and its time, in epoch milliseconds */
  constructor(private readonly stamp: () => { id: string; at: number }) {}

  add(message: Omit<WhatsAppMessage, 'id' | 'at'>): WhatsAppMessage {
    const { id, at } = this.stamp();
    const sent = { id: `wamid.${id}`, ...message, at: new Date(at).toISOString() };
    this.#messages.push(sent);
    return sent;
  }

  list(number: string | null): WhatsAppMessage[] {
    return this.#messages.filter(({ from, to }) => number === null || from === number || to === number);
  }
}
