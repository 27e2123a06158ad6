import { RefusedError, type AddOptions, type NumberRecord } from '../../../client';
import type { SimulatorClient } from '../../../simulator/client';
import type { MessageName, MessagePayload } from '../../../contract/messages';
import { batch, meta, partnerAdded } from '../../gateway/sender';
import type { Delivery } from '../people/delivery';
import type { Service } from '../people/service';

/** Who is around a number while it lives. */
export interface Around {
  service: Service;
  delivery: Delivery;
  sim: SimulatorClient;
  /** Awaited before each step of a life: there faults are set, and lives wait for each other. */
  before: (life: Life, step: string) => Promise<void>;
}

/**
 * Milliseconds in which a code comes. After that the service asks for another one, and each time waits twice as long: a
 * code on its way is void once another is asked for, and on a slow machine each is long on its way.
 */
const CODE_COMES_WITHIN = 8_000;

/** One number, as its service and its customers drive it. What must come of it stands in its story. */
export class Life {
  /** WABA and customers are the number's own: whoever has it is known by them. */
  readonly wabaId: string;
  readonly otherWabaId: string;
  readonly customers: readonly [string, string];
  readonly partners: readonly [string, string];
  /** Refusals that the service got, by message. */
  readonly refused: { name: MessageName; type: string }[] = [];

  constructor(
    readonly number: string,
    private readonly around: Around,
  ) {
    const tail = number.slice(-8);
    this.wabaId = `1022${tail}01`;
    this.otherWabaId = `1022${tail}02`;
    this.customers = [`customer-${tail}-a`, `customer-${tail}-b`];
    this.partners = [`5069${tail}01`, `5069${tail}02`];
  }

  get wabas(): readonly string[] {
    return [this.wabaId, this.otherWabaId];
  }

  async step<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    await this.around.before(this, name);
    return act();
  }

  add(options: AddOptions): Promise<void> {
    return this.around.service.add(this.number, options);
  }

  /** @returns whether it was acknowledged */
  async send<Name extends MessageName>(name: Name, payload: MessagePayload<Name>): Promise<boolean> {
    const answer = await this.around.service.send(name, this.number, payload);
    if (answer instanceof RefusedError) this.refused.push({ name, type: answer.type });
    return !(answer instanceof RefusedError);
  }

  until(wanted: (record: NumberRecord) => boolean, timeout?: number): Promise<NumberRecord> {
    return this.around.service.until(this.number, wanted, timeout);
  }

  /** Until a code has verified it: codes come by themselves, and one that does not come is asked for again. */
  async verified(is: (record: NumberRecord) => boolean = isVerified): Promise<NumberRecord> {
    for (let timeout = CODE_COMES_WITHIN; ; timeout *= 2) {
      const record = await this.until((now) => is(now) || hasLapsed(now), timeout);
      if (is(record)) return record;
      if (hasLapsed(record) || record.phase.endsWith('waiting')) await this.send('requestCode', {});
    }
  }

  /** Until it is registered; where the 90 days went by meanwhile it is verified first. */
  async registered(): Promise<void> {
    for (;;) {
      const record = await this.until(({ state, phase }) => state === 'Registered' || phase === 'lapsed');
      if (record.state === 'Registered') return;
      await this.verified(({ state, phase }) => state === 'Registered' || phase === 'verified');
    }
  }

  /** The customer picks the number in the signup popup. */
  async customerPicks(): Promise<string> {
    const { phoneNumberId } = await this.around.sim.claimNumber(this.number, this.wabaId);
    return phoneNumberId;
  }

  /** Meta's webhook reports that a customer came aboard; nobody else does. */
  async metaReports(): Promise<void> {
    await this.around.delivery.send(meta(batch(partnerAdded(this.wabaId))));
  }
}

const isVerified = ({ state }: NumberRecord) => state === 'Verified';
const hasLapsed = ({ state, phase }: NumberRecord) =>
  (state === 'Unverified' && phase === 'waiting') ||
  phase === 'lapsed' ||
  (state === 'Added' && phase === 'waiting');
