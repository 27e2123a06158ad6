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

  /** Whether a search of the WABA would begin now, or join one under way; else it is dropped. */
  async hasRoomFor(wabaId: WabaId): Promise<boolean> {
    // Asked when the next one comes, of a few: that saves a wait in the background for each.
    const forgetEnded = async ([begun, search]: [WabaId, Search | null]) => {
      if (search && !(await search.isRunning()) && this.#begun.get(begun) === search)
        this.#begun.delete(begun);
    };
    await Promise.all([...this.#begun].map(forgetEnded));
    return this.#begun.has(wabaId) || this.#begun.size < most;
  }

  /** Resolves once Temporal holds the search. */
  async search(wabaId: WabaId, requestId: string): Promise<void> {
    if (this.#begun.has(wabaId)) return;
    this.#begun.set(wabaId, null);
    try {
      this.#begun.set(wabaId, await this.findClaims(wabaId, requestId, { hint: true }));
    } catch (error) {
      this.#begun.delete(wabaId);
      throw error;
    }
  }
}
