import { createHmac } from 'node:crypto';

/**
 * The request ID of a message, the same for every repeat: Temporal accepts each ID once. It is keyed, because a plain
 * hash of a text with a six-digit code could be reversed by trying a million texts.
 */
export function requestId(secret: string, ...parts: readonly unknown[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex');
}

/**
 * The request IDs that this process sent last, so that a repeat can be answered 200 without asking Temporal. Only a
 * shortcut: Temporal ignores a repeated ID too, also after a restart of the gateway and when another one gets it.
 */
export class RecentRequests {
  readonly #sent = new Map<string, Promise<void>>();

  constructor(private readonly size = 10_000) {}

  /**
   * Sends a message unless it was sent before; a repeat that comes meanwhile waits for the same outcome.
   *
   * @throws what `send` throws; the message may then come again
   */
  async once(id: string, send: () => Promise<void>): Promise<'accepted' | 'duplicate'> {
    const earlier = this.#sent.get(id);
    if (earlier) {
      await earlier;
      return 'duplicate';
    }
    const sending = send();
    this.#sent.set(id, sending);
    try {
      await sending;
    } catch (error) {
      this.#sent.delete(id);
      throw error;
    }
    this.#forgetOldest();
    return 'accepted';
  }

  #forgetOldest(): void {
    for (const id of this.#sent.keys()) {
      if (this.#sent.size <= this.size) return;
      this.#sent.delete(id);
    }
  }
}
