import type { Client } from '@temporalio/client';
import type { ReconcileActivities } from '../../contract/reconcile-activities';
import { findRun, type Run } from '../../client/pool/run';
import { createReconcileActivities, ourNumber } from '../../worker/reconcile-activities';
import { finalStates } from '../../contract/number-record';

/**
 * The numbers that live here. Temporal's own list would say, but the time-skipping server keeps none: it is read from each
 * number's own run.
 */
export class KnownNumbers {
  readonly #digits = new Set<string>();
  readonly activities: ReconcileActivities;

  constructor(private readonly client: Client) {
    const real = createReconcileActivities(client);
    this.activities = {
      findOurs: async ({ phoneNumbers }) => (await this.runs(phoneNumbers)).map(ourNumber),
      // Nobody terminates a number here.
      listLost: () => Promise.resolve({ items: [], after: null }),
      adoptClaimed: (input) => real.adoptClaimed(input),
      listUnclaimed: async () => ({ items: await this.#unclaimed(), after: null }),
      adoptNumber: async (input) => {
        const adopted = await real.adoptNumber(input);
        this.add(input.phoneNumber);
        return adopted;
      },
    };
  }

  add(digits: string): void {
    this.#digits.add(digits);
  }

  /** The latest run of each. */
  async runs(numbers: Iterable<string> = this.#digits): Promise<Run[]> {
    const known = [...numbers].filter((digits) => this.#digits.has(digits));
    const runs = await Promise.all(known.map((digits) => findRun(this.client, digits)));
    return runs.filter((run) => run !== null);
  }

  async #unclaimed(): Promise<string[]> {
    const left = new Set([...finalStates, 'Claimed']);
    return (await this.runs())
      .filter(({ state }) => state !== null && !left.has(state))
      .filter(({ state, attributes }) => state !== 'Added' || attributes.NextDeadline !== null)
      .map(({ digits }) => digits);
  }
}
