import type { Search } from '../../client/reconcile/find-claims';
import type { WabaId } from '../../contract/ids';
import type { FindClaims } from '../signals';

/** Of all that signups ask for, so many WABAs are searched at a time. */
const most = 3;

/**
 * Searches that a browser has asked for. They are hints: Meta's own webhook and the hourly reconciliation find the same
 * claims. So a few run at a time, behind everybody else's calls, and what comes meanwhile is dropped.
 */
export class HintedSearches {
  /** `null` while Temporal is being asked to start it. */
  readonly #begun = new Map<WabaId, Search | null>();

  constructor(private readonly findClaims: FindClaims) {}

  /** Resolves once Temporal holds the search, or where it is dropped, or joins one under way. */
  async search(wabaId: WabaId, requestId: string): Promise<void> {
    await this.#forgetEnded();
    if (this.#begun.has(wabaId) || this.#begun.size >= most) return;
    this.#begun.set(wabaId, null);
    try {
      this.#begun.set(wabaId, await this.findClaims(wabaId, requestId, { hint: true }));
    } catch (error) {
      this.#begun.delete(wabaId);
      throw error;
    }
  }

  /** Asked when the next one comes, of a few: that saves a wait in the background for each. */
  async #forgetEnded(): Promise<void> {
    const ended = async ([wabaId, search]: [WabaId, Search | null]) => {
      if (search && !(await search.isRunning())) this.#begun.delete(wabaId);
    };
    await Promise.all([...this.#begun].map(ended));
  }
}
