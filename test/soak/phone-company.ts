import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { PhoneMessage, SimulatorClient } from '../../simulator/client';
import { Dice, type Plan } from './plan';
import type { courier } from './courier';

export const COURIERS = 'couriers';
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Carries what Meta sends from the telephones to the gateway: mostly soon, sometimes late, twice or never. */
export class PhoneCompany {
  silent = false;
  readonly #dice = new Map<string, Dice>();
  #seen = 0;
  #collecting: Promise<void> = Promise.resolve();
  readonly counts = { carried: 0, late: 0, twice: 0, lost: 0 };

  constructor(
    private readonly plan: Plan,
    private readonly client: Client,
    private readonly sim: SimulatorClient,
  ) {}

  /** After each request for a code, before its answer is known here: no time is skipped meanwhile. */
  readonly interceptor: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        try {
          return await next(input);
        } finally {
          if (info.activityType === 'requestCode') await this.#collect();
        }
      },
    },
  });

  #collect(): Promise<void> {
    return (this.#collecting = this.#collecting.then(async () => {
      const messages = await this.sim.messagesAfter(this.#seen);
      this.#seen = messages.at(-1)?.id ?? this.#seen;
      await Promise.all(messages.map((message) => this.#carry(message)));
    }));
  }

  async #carry({ to, text }: PhoneMessage): Promise<void> {
    const after = this.#fate(to);
    if (after.length === 0) return;
    await this.client.workflow.start<typeof courier>('courier', {
      workflowId: `courier:${randomUUID()}`,
      taskQueue: COURIERS,
      args: [{ to, text, after }],
    });
  }

  /** When the copies of a message arrive. */
  #fate(to: string): number[] {
    const dice = this.#diceOf(to);
    const { counts } = this;
    counts.carried++;
    if (this.silent || dice.chance(0.03)) {
      counts.lost++;
      return [];
    }
    const late = dice.chance(0.05);
    if (late) counts.late++;
    const first = late ? dice.between(8 * MINUTE, 40 * MINUTE) : dice.between(2 * SECOND, 3 * MINUTE);
    if (!dice.chance(0.1)) return [first];
    counts.twice++;
    return [first, first + dice.between(SECOND, 20 * MINUTE)];
  }

  #diceOf(to: string): Dice {
    const dice = this.#dice.get(to) ?? new Dice(this.plan.seed, `messages to ${to}`);
    this.#dice.set(to, dice);
    return dice;
  }
}
