import { RefusedError } from '../../client/pool/refused-error';
import { findClaims } from '../../client/reconcile/find-claims';
import type { PortfolioId, WabaId } from '../../contract/ids';
import { portfolioId } from '../support/world';
import type { Agenda } from './agenda';
import { DAY, Dice, HOUR, type NumberPlan, type Plan } from './plan';
import type { Stage } from './stage';

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
    private readonly stage: Stage,
    private readonly agenda: Agenda,
  ) {
    this.#dice = new Dice(plan.seed, 'actors');
    for (const number of plan.numbers) this.#live(number);
    for (let at = 7 * DAY; at < plan.span; at += 7 * DAY) agenda.add(at, () => this.#lookAtProblems(at));
  }

  #live(number: NumberPlan): void {
    const { agenda, stage } = this;
    const { digits, ending } = number;
    const { signal } = stage.pool;
    agenda.add(number.addedAt, () => this.#add(number));
    if (number.deadFrom !== null) {
      agenda.add(number.deadFrom, () => stage.sim.setPhone(digits, { SMS: 'lost', VOICE: 'lost' }));
    }
    for (const { at, partner: partnerBusinessId, until } of number.shares) {
      agenda.add(at, () => tell(signal.share(digits, { partnerBusinessId })));
      if (until !== null) agenda.add(until, () => tell(signal.unshare(digits, { partnerBusinessId })));
    }
    if (number.reservedAt !== null) {
      agenda.add(number.reservedAt, () =>
        tell(signal.reserve(digits, { customerId: `customer-${digits}`, ttl: '2 hours' })),
      );
    }
    if (number.rumourAt !== null) {
      agenda.add(number.rumourAt, () => tell(signal.claim(digits, { wabaId: '666', source: 'a rumour' })));
    }
    if (ending.kind === 'removed')
      this.#insist(ending.at, digits, () => signal.remove(digits, { reason: 'planned' }));
    if (ending.kind === 'claimed') {
      if (ending.told === 'API') this.#claimThroughApi(number, ending);
      else agenda.add(ending.at, () => this.#take(number, ending));
    }
  }

  async #add(number: NumberPlan): Promise<void> {
    const { stage, agenda } = this;
    const { digits, phone, addedBy, addedAt } = number;
    await stage.sim.setPhone(digits, phone);
    if (addedBy === 'us') {
      await stage.pool.add(digits);
      stage.roll.add(digits);
      return;
    }
    await stage.meta.addPhoneNumber(portfolioId as PortfolioId, digits).catch(() => {
      // Bad weather, or a lost answer: he looks and tries again.
      agenda.add(addedAt + DAY, () => this.#add({ ...number, addedAt: addedAt + DAY }));
    });
  }

  /** A customer picks the number in the popup, if it is still there. */
  async #take(
    { digits }: NumberPlan,
    { at, wabaId, told }: { at: number; wabaId: string; told: string },
  ): Promise<void> {
    const { agenda, stage } = this;
    const claimed = await stage.sim.claimIfInPool(digits, wabaId);
    if (!claimed) return;
    const { phoneNumberId } = claimed;
    this.taken.set(digits, { at: await stage.passed(), wabaId, phoneNumberId });
    const heard = at + this.#dice.between(0, 6 * HOUR);
    if (told === 'message') {
      const named = this.#dice.chance(0.5) ? { phoneNumberId } : {};
      const claim = () => tell(stage.pool.signal.claim(digits, { wabaId, ...named, source: 'signup' }));
      agenda.add(heard, claim);
      if (this.#dice.chance(0.3)) agenda.add(heard + this.#dice.between(0, DAY), claim);
    }
    if (told === 'webhook') {
      const word = `${wabaId} at ${String(at)}`;
      for (const moment of this.#dice.chance(0.3) ? [heard, heard + HOUR] : [heard]) {
        agenda.add(moment, () => findClaims(stage.client, wabaId as WabaId, word));
      }
    }
  }

  #claimThroughApi({ digits }: NumberPlan, { at, wabaId }: { at: number; wabaId: string }): void {
    const { stage } = this;
    const claim = { wabaId, verifiedName: 'Lucky Shrub' };
    this.#insist(at, digits, () => stage.pool.signal.claimFor(digits, claim));
  }

  /** Asks every day for a month; what is done already is a repeat. */
  #insist(at: number, digits: string, ask: () => Promise<void>, times = 30): void {
    this.agenda.add(at, async () => {
      await tell(ask());
      if (times > 1) this.#insist(at + DAY, digits, ask, times - 1);
    });
  }

  /** Once a week an operator looks at the numbers that have a problem, and does as it says. */
  async #lookAtProblems(at: number): Promise<void> {
    const { stage, plan } = this;
    const dead = new Set(
      plan.numbers.filter(({ deadFrom }) => deadFrom !== null && deadFrom < at).map(({ digits }) => digits),
    );
    for (const { digits, status, attributes } of await stage.roll.runs()) {
      if (status !== 'RUNNING' || attributes.Problem === null) continue;
      const { problem, phase } = await stage.pool.get(digits);
      if (!problem) continue;
      const act = () => {
        this.byHand.push({ at, digits, problem: problem.code });
      };
      if (problem.code === 'NotInPool') {
        act();
        await tell(stage.pool.signal.remove(digits, { reason: 'gone' }));
      } else if (
        /^(waiting|lapsed)$/.test(phase) &&
        !dead.has(digits) &&
        /requestCode/.test(problem.whatToDo)
      ) {
        act();
        await tell(stage.pool.signal.requestCode(digits, {}));
      }
    }
  }
}

/** One who speaks to a number whose life has ended, or has not begun, is told so and goes. */
async function tell(message: Promise<void>): Promise<void> {
  await message.catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
  });
}
