import type { Interpretation } from '../../workflows/interpreter/interpretation';
import type { MessageEvent } from '../../workflows/number/events';
import type { NumberLife } from '../../workflows/number/number-life';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import type { Accepted } from '../../workflows/life/kind';
import type { Watch } from './watch';

/** Messages that were accepted: each must have its effect, or its sender be told why it has none. */
export class Promises {
  #open: Accepted<MessageEvent>[] = [];

  get allKept(): boolean {
    return this.#open.length === 0;
  }

  accepted(accepted: Accepted<MessageEvent>): void {
    this.#open.push(accepted);
  }

  /** After every step: those that are settled now. */
  keep(life: NumberLife, watch: Watch): void {
    const settled = this.#open.filter((open) => life.isSettled(open));
    if (settled.length === 0) return;
    this.#open = this.#open.filter((message) => !settled.includes(message));
    for (const accepted of settled) {
      const { event } = accepted;
      if (life.outcomeOf(accepted) === null && !hasEffect(life.now, event, watch))
        throw new Error(`${event.type} was accepted and answered, and had no effect`);
    }
  }
}

function hasEffect(now: Interpretation, event: MessageEvent, watch: Watch): boolean {
  const { state } = stateOf(now);
  const { claim, reservation } = contextOf(now);
  switch (event.type) {
    case 'submitCode':
      // A code that comes while another is with Meta need not be tried if that one is right.
      return watch.handedIn.includes(event.code) || watch.verifiedAt >= event.at;
    case 'remove':
    case 'endClaim':
      return state === 'Removed';
    case 'register':
      return state === 'Registered';
    case 'claim':
    case 'claimFor':
      return claim?.wabaId === event.wabaId;
    case 'reserve':
      return reservation?.customerId === event.customerId;
    case 'release':
      return reservation === null;
    default:
      return true;
  }
}
