import { digitsOf } from '../phone-number';
import type { Random } from '../random';
import type { Fault } from './fault';

/** The faults that are set; each call meets the first that fits it. */
export class Faults {
  #set: { fault: Fault; left: number; met: number }[] = [];

  constructor(private readonly random: Random) {}

  add(fault: Fault): void {
    const endless = fault.times === null || (fault.times === undefined && fault.probability !== undefined);
    const left = endless ? Infinity : (fault.times ?? 1);
    this.#set.push({ fault, left, met: 0 });
  }

  clear(): void {
    this.#set = [];
  }

  /** Each fault with the number of calls it has met, and how many it still will (`null`: no end). */
  list() {
    return this.#set.map(({ fault, left, met }) => ({
      ...fault,
      met,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  /** The fault that this call meets, if any; it is used up by one. */
  meet(call: string, number: string | null, objectId: string | null): Fault | undefined {
    const found = this.#set.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.call === '*' || fault.call === call) &&
        (fault.number === undefined || digitsOf(fault.number) === number) &&
        (fault.objectId === undefined || fault.objectId === objectId) &&
        (fault.probability === undefined || this.random.next() < fault.probability),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    found.met += 1;
    return found.fault;
  }
}
