import { SimulatorClient } from '../../simulator/client';

/** The people outside: telephones that receive codes, customers who pick numbers. One long poll serves all telephones. */
export class Customers {
  readonly sim: SimulatorClient;
  readonly #stopping = new AbortController();
  readonly #received = new Map<string, string>();
  readonly #waiting = new Map<string, (text: string) => void>();
  readonly #listening: Promise<void>;

  constructor(simulatorUrl: string) {
    this.sim = new SimulatorClient(simulatorUrl);
    this.#listening = this.#listen();
  }

  /** The text of the next message that the number receives. Waits for as long as it takes. */
  message(number: string): Promise<string> {
    const received = this.#received.get(number);
    if (received !== undefined) {
      this.#received.delete(number);
      return Promise.resolve(received);
    }
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for await (const { to, text } of this.sim.messages(signal)) {
        const waiting = this.#waiting.get(to);
        if (waiting) waiting(text);
        else this.#received.set(to, text);
        this.#waiting.delete(to);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
