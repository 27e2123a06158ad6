import type { NumberPool } from '../../client';
import { SimulatorClient } from '../../simulator/client';

/** How often somebody looks whether a number waits for a code in vain; a lost task shows after fifteen seconds. */
const lookEvery = 20_000;

/** The people outside: telephones that receive codes, customers who pick numbers. One long poll serves all telephones. */
export class Customers {
  readonly sim: SimulatorClient;
  /** How often a code had to be asked for again. */
  askedAgain = 0;
  readonly #stopping = new AbortController();
  /** Messages that nobody has taken yet, and how many were taken. */
  readonly #received = new Map<string, string[]>();
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string, (text: string) => void>();
  readonly #listening: Promise<void>;

  constructor(simulatorUrl: string) {
    this.sim = new SimulatorClient(simulatorUrl);
    this.#listening = this.#listen();
  }

  /** The text of the next message that the number receives. Waits for as long as it takes. */
  async message(number: string): Promise<string> {
    const text =
      this.#received.get(number)?.shift() ??
      (await new Promise<string>((resolve) => this.#waiting.set(number, resolve)));
    this.#taken.set(number, (this.#taken.get(number) ?? 0) + 1);
    return text;
  }

  /**
   * The same for a number that asks Meta for a code. A request that is lost, with its worker or on a busy machine, is not
   * made again by itself, for a second code would make the first one void: the number waits for as long as a code lives,
   * unless somebody asks.
   */
  async code(number: string, pool: NumberPool): Promise<string> {
    const looking = setInterval(() => {
      // A number that does not answer now is looked at again.
      this.#askAgain(number, pool).catch(() => undefined);
    }, lookEvery);
    try {
      return await this.message(number);
    } finally {
      clearInterval(looking);
    }
  }

  /** How many calls to Meta a number cost: those that are about it, and lists of the WABA that took it. */
  async graphCalls(number: string, wabaId: string): Promise<number> {
    const lists = await this.sim.calls({ call: 'phone_numbers' });
    return (
      (await this.sim.calls({ number })).length + lists.filter(({ objectId }) => objectId === wabaId).length
    );
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
  }

  async #askAgain(number: string, pool: NumberPool): Promise<void> {
    const { phase } = await pool.get(number);
    if (!/^(renewing\.)?waiting$/.test(phase)) return;
    const received = await this.sim.messagesTo(number);
    if (received.length > (this.#taken.get(number) ?? 0)) return;
    this.askedAgain++;
    await pool.signal.requestCode(number, {});
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for await (const { to, text } of this.sim.messages(signal)) {
        const waiting = this.#waiting.get(to);
        this.#waiting.delete(to);
        if (waiting) waiting(text);
        else this.#received.set(to, [...(this.#received.get(to) ?? []), text]);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
