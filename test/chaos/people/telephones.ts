import type { SimulatorClient } from '../../../simulator/client';
import { sms } from '../../gateway/sender';
import type { Delivery } from './delivery';

/** Hands every message that a number receives to the gateway, as Twilio does, and keeps which were acknowledged. */
export class Telephones {
  /** By number, the `MessageSid` of each that the gateway has acknowledged. */
  readonly acknowledged = new Map<string, Set<string>>();
  readonly #listening: Promise<void>;
  readonly #stopping = new AbortController();
  #sent = 0;

  constructor(
    sim: SimulatorClient,
    private readonly delivery: Delivery,
  ) {
    this.#listening = this.#listen(sim).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error;
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
  }

  async #listen(sim: SimulatorClient): Promise<void> {
    for await (const { to, text } of sim.messages(this.#stopping.signal)) {
      const sid = `SM${String(++this.#sent).padStart(32, '0')}`;
      void this.delivery.send(sms(`+${to}`, text, sid)).then((acknowledged) => {
        if (!acknowledged) return;
        const known = this.acknowledged.get(to) ?? new Set();
        this.acknowledged.set(to, known.add(sid));
      });
    }
  }
}
