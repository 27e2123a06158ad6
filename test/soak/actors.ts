import { RefusedError } from '../../client/pool/refused-error';
import { findClaims } from '../../client/reconcile/find-claims';
import type { PortfolioId, WabaId } from '../../contract/ids';
import { portfolioId } from '../support/test-stack';
import type { Agenda } from './agenda';
import { DAY, Dice, HOUR, type NumberPlan, type Plan } from './plan';
import type { SoakStack } from './soak-stack';

/** A customer's deed, which Meta's call log does not show. */
export interface Taken {
  /** Milliseconds after the beginning. */
  at: number;
  wabaId: string;
  phoneNumberId: string;
}

/** Everybody around the pool: puts what they will do on the agenda, and remembers what came of it. */
export class Actors {
  readonly taken = new Map<string, Taken>();
  /** What an operator had to do by hand. */
  readonly byHand: { at: number; digits: string; problem: string }[] = [];
  readonly #dice: Dice;

  constructor(
    private readonly plan: Plan,
    private readonly stack: SoakStack,
    private readonly agenda: Agenda,
  ) {
    this.#dice = new Dice(plan.seed, 'actors');
    for (const number of plan.numbers) this.#live(number);
    for (let at = 7 * DAY; at < plan.span; at += 7 * DAY) agenda.add(at, () => this.#lookAtProblems(at));
  }

  #live(number: NumberPlan): void {
    const { agenda, stack } = this;
    const { digits, ending } = number;
    const { signal } = stack.pool;
    agenda.add(number.addedAt, () => this.#add(number));
    if (number.deadFrom !== null) {
      agenda.add(number.deadFrom, () => stack.sim.setPhone(digits, { SMS: 'lost', VOICE: 'lost' }));
    }
    for (const { at, partner: partnerBusinessId, until } of number.shares) {
      agenda.add(at, () => send(signal.share(digits, { partnerBusinessId })));
      if (until !== null) agenda.add(until, () => send(signal.unshare(digits, { partnerBusinessId })));
    }
    if (number.reservedAt !== null) {
      agenda.add(number.reservedAt, () =>
        send(signal.reserve(digits, { customerId: `customer-${digits}`, ttl: '2 hours' })),
      );
    }
    if (number.falseClaimAt !== null) {
      agenda.add(number.falseClaimAt, () =>
        send(signal.claim(digits, { wabaId: '666', source: 'a false report' })),
      );
    }
    if (ending.kind === 'removed')
      this.#insist(ending.at, digits, () => signal.remove(digits, { reason: 'planned' }));
    if (ending.kind === 'claimed') {
      if (ending.reportedBy === 'API') this.#claimThroughApi(number, ending);
      else agenda.add(ending.at, () => this.#take(number, ending));
    }
  }

  async #add(number: NumberPlan): Promise<void> {
    const { stack, agenda } = this;
    const { digits, phone, addedBy, addedAt } = number;
    await stack.sim.setPhone(digits, phone);
    if (addedBy === 'us') {
      await stack.pool.add(digits);
      stack.known.add(digits);
      return;
    }
    await stack.meta.addPhoneNumber(portfolioId as PortfolioId, digits).catch(() => {
      // An outage, or a lost answer: they look and try again.
      agenda.add(addedAt + DAY, () => this.#add({ ...number, addedAt: addedAt + DAY }));
    });
  }

  /** A customer picks the number in the popup, if it is still there. */
  async #take(
    { digits }: NumberPlan,
    { at, wabaId, reportedBy }: { at: number; wabaId: string; reportedBy: string },
  ): Promise<void> {
    const { agenda, stack } = this;
    const claimed = await stack.sim.claimIfInPool(digits, wabaId);
    if (!claimed) return;
    const { phoneNumberId } = claimed;
    this.taken.set(digits, { at: await stack.passed(), wabaId, phoneNumberId });
    const heard = at + this.#dice.between(0, 6 * HOUR);
    if (reportedBy === 'message') {
      const named = this.#dice.chance(0.5) ? { phoneNumberId } : {};
      const claim = () => send(stack.pool.signal.claim(digits, { wabaId, ...named, source: 'signup' }));
      agenda.add(heard, claim);
      if (this.#dice.chance(0.3)) agenda.add(heard + this.#dice.between(0, DAY), claim);
    }
    if (reportedBy === 'webhook') {
      const word = `${wabaId} at ${String(at)}`;
      for (const moment of this.#dice.chance(0.3) ? [heard, heard + HOUR] : [heard]) {
        agenda.add(moment, () => findClaims(stack.client, wabaId as WabaId, word));
      }
    }
  }

  #claimThroughApi({ digits }: NumberPlan, { at, wabaId }: { at: number; wabaId: string }): void {
    const { stack } = this;
    const claim = { wabaId, verifiedName: 'Lucky Shrub' };
    this.#insist(at, digits, () => stack.pool.signal.claimFor(digits, claim));
  }

  /** Asks every day for a month; what is done already is a repeat. */
  #insist(at: number, digits: string, ask: () => Promise<void>, times = 30): void {
    this.agenda.add(at, async () => {
      await send(ask());
      if (times > 1) this.#insist(at + DAY, digits, ask, times - 1);
    });
  }

  /** Once a week an operator looks at the numbers that have a problem, and does as it says. */
  async #lookAtProblems(at: number): Promise<void> {
    const { stack, plan } = this;
    const dead = new Set(
      plan.numbers.filter(({ deadFrom }) => deadFrom !== null && deadFrom < at).map(({ digits }) => digits),
    );
    for (const { digits, status, attributes } of await stack.known.runs()) {
      if (status !== 'RUNNING' || attributes.Problem === null) continue;
      const { problem, phase } = await stack.pool.get(digits);
      if (!problem) continue;
      const act = () => {
        this.byHand.push({ at, digits, problem: problem.code });
      };
      if (problem.code === 'NotInPool') {
        act();
        await send(stack.pool.signal.remove(digits, { reason: 'gone' }));
      } else if (
        /^(waiting|lapsed)$/.test(phase) &&
        !dead.has(digits) &&
        /requestCode/.test(problem.whatToDo)
      ) {
        act();
        await send(stack.pool.signal.requestCode(digits, {}));
      }
    }
  }
}

/** A refusal is no fault here: the number's life has ended, or has not begun. */
async function send(message: Promise<void>): Promise<void> {
  await message.catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
  });
}
