import type { Child, Interpretation } from '../../workflows/interpreter/interpretation';
import { Sealed } from '../../temporal/sealed';
import type { AuditedKind } from '../kinds';
import type { Recorded } from '../recorded';
import { same, type Find } from './finding';
import { START_DELIVERIES } from './webhooks';

/** A call that the server has, and the child of the chart that it is made for. */
export interface MadeCall {
  id: string;
  child: Child;
}

/** Whether a run makes the calls that its chart asks for. */
export class Calls {
  /** By the event that scheduled each. */
  readonly #made = new Map<number, MadeCall>();

  constructor(
    private readonly find: Find,
    private readonly kind: AuditedKind,
    /** Of the last child that an earlier run started. */
    private lastSerial: number,
  ) {}

  compare(now: Interpretation, made: readonly Recorded[]): void {
    const wanted = Object.entries(now.children)
      .filter(([, { serial }]) => serial > this.lastSerial)
      .sort(([, one], [, other]) => one.serial - other.serial);
    this.lastSerial = now.started;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity === START_DELIVERIES) continue;
      const next = wanted.shift();
      if (!next) {
        this.find(id, `the call ${event.activity} was made, though the chart asks for none`);
        continue;
      }
      const [childId, child] = next;
      const asked = this.kind.activityOf(child);
      if (event.activity !== asked) {
        this.find(id, `the call ${event.activity} was made where the chart asks for ${asked}`);
      } else if (!(event.input instanceof Sealed) && !same(event.input, child.input)) {
        this.find(id, `the call ${event.activity} was made with other values than the chart gives`);
      }
      this.#made.set(id, { id: childId, child });
    }
    for (const [, child] of wanted) {
      const asked = this.kind.activityOf(child);
      this.find(made[0]?.id ?? 0, `the chart asks for the call ${asked}, which was not made`);
    }
  }

  /** The call that an answer came to, once; `null` where there is none, which is a finding. */
  end(scheduled: number, eventId: number): MadeCall | null {
    const call = this.#made.get(scheduled);
    this.#made.delete(scheduled);
    if (!call) this.find(eventId, 'an answer came to a call that was never made');
    return call ?? null;
  }
}
