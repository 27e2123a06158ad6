import { Random } from '../../simulator/random';
import type { Reception } from '../../simulator/client';

export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

/** What will happen in a soak, all of it from one seed. Times are milliseconds after its beginning. */
export interface Plan {
  seed: number;
  span: number;
  numbers: NumberPlan[];
  outages: Outage[];
}

export interface NumberPlan {
  digits: string;
  addedAt: number;
  /** `hand`: somebody adds it at Meta, where reconcile finds it. */
  addedBy: 'us' | 'hand';
  phone: { SMS: Reception; VOICE: Reception };
  /** From then on nothing reaches it. */
  deadFrom: number | null;
  shares: { at: number; partner: string; until: number | null }[];
  reservedAt: number | null;
  /** Somebody reports that a customer took it, which is not so. */
  falseClaimAt: number | null;
  ending: Ending;
}

/** `reportedBy`: how we learn of it, if at all. */
export type Ending =
  | { kind: 'stays' }
  | { kind: 'removed'; at: number }
  | { kind: 'claimed'; at: number; wabaId: string; reportedBy: 'message' | 'webhook' | 'nobody' | 'API' };

/** A time in which something fails for everybody. */
export interface Outage {
  kind: 'Meta down' | 'token expired' | 'no registrations' | 'phones silent';
  from: number;
  until: number;
}

export function makePlan(seed: number, count: number, span: number): Plan {
  return {
    seed,
    span,
    numbers: Array.from({ length: count }, (_, index) =>
      planNumber(new Dice(seed, `number ${String(index)}`), index, span),
    ),
    outages: planOutages(new Dice(seed, 'outages'), span),
  };
}

function planNumber(dice: Dice, index: number, span: number): NumberPlan {
  const addedAt = dice.chance(0.5) ? dice.between(0, 2 * DAY) : dice.between(0, span / 2);
  const dead = dice.chance(0.04);
  const ending = planEnding(dice, index, addedAt, span);
  return {
    digits: `1555${String(6_000_000 + index)}`,
    addedAt,
    addedBy: dice.chance(0.1) ? 'hand' : 'us',
    phone: dead
      ? { SMS: 'lost', VOICE: 'lost' }
      : {
          SMS: dice.one(['received', 'received', 'received', 'received', 'lost', 'refused']),
          VOICE: 'received',
        },
    deadFrom:
      !dead && dice.chance(0.06) ? addedAt + dice.between(DAY, span - addedAt) : dead ? addedAt : null,
    shares: Array.from({ length: dice.one([0, 0, 1, 2]) }, () => {
      const at = addedAt + dice.between(HOUR, span / 4);
      return {
        at,
        partner: dice.one(['901', '902', '903']),
        until: dice.chance(0.5) ? at + dice.between(HOUR, 100 * DAY) : null,
      };
    }),
    reservedAt: dice.chance(0.3) ? addedAt + dice.between(0, span / 2) : null,
    falseClaimAt: falseClaim(dice, addedAt, ending, span),
    ending,
  };
}

/** At any time, or a few hours before a customer really takes it, and is another than was said. */
function falseClaim(dice: Dice, addedAt: number, ending: Ending, span: number): number | null {
  if (!dice.chance(0.2)) return null;
  return ending.kind === 'claimed' && dice.chance(0.5)
    ? Math.max(addedAt, ending.at - dice.between(0, 12 * HOUR))
    : addedAt + dice.between(DAY, span / 2);
}

function planEnding(dice: Dice, index: number, addedAt: number, span: number): Ending {
  const at = addedAt + dice.between(HOUR, 1.5 * span);
  if (at > span) return { kind: 'stays' };
  if (dice.chance(0.08)) return { kind: 'removed', at };
  const reportedBy = dice.one(['message', 'message', 'webhook', 'nobody', 'nobody', 'API'] as const);
  // Some customers take several numbers.
  return {
    kind: 'claimed',
    at,
    wabaId: String(7_000_000 + Math.floor(index / dice.one([1, 1, 3]))),
    reportedBy,
  };
}

/** Some bad hours or days of each kind in every year; none is as long as a number's window for renewal. */
function planOutages(dice: Dice, span: number): Outage[] {
  const often = (kind: Outage['kind'], everyDays: number, [shortest, longest]: [number, number]): Outage[] =>
    Array.from({ length: Math.round(span / (everyDays * DAY)) }, (_, index) => {
      const from = index * everyDays * DAY + dice.between(0, (everyDays / 2) * DAY);
      return { kind, from, until: from + dice.between(shortest, longest) };
    });
  return [
    ...often('Meta down', 30, [HOUR, 14 * HOUR]),
    ...often('token expired', 60, [HOUR, 36 * HOUR]),
    ...often('no registrations', 90, [6 * HOUR, 96 * HOUR]),
    ...often('phones silent', 60, [HOUR, 60 * HOUR]),
  ];
}

/** Chances from a seed; each stream is its own, so that one more throw here changes nothing elsewhere. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number, stream: string) {
    this.#random = new Random(seed, stream);
  }

  chance(of: number): boolean {
    return this.#random.next() < of;
  }

  between(least: number, most: number): number {
    return Math.round(least + this.#random.next() * (most - least));
  }

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random.next() * of.length)] as T;
  }
}
