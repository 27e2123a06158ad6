import type { Assumptions } from '../assumptions';
import type { Clock } from '../clock';
import { GraphError, invalidParameter } from '../graph-error';
import type { PhoneNetwork } from '../phone-network/phone-network';
import { Random } from '../random';
import type { AccessTokens } from './access-tokens';
import { Apps } from './app';
import { Business } from './business';
import type { BusinessPhoneNumber } from './business-phone-number';
import type { CreditLine, CreditShare } from './credit-line';
import { WhatsAppMessages } from './messages';
import type { Policy } from './policy';
import type { PreverifiedNumber } from './preverified-number';
import { Waba } from './waba';

export type GraphNode = Business | Waba | PreverifiedNumber | BusinessPhoneNumber | CreditLine | CreditShare;

/** All that the simulated Meta holds. What can be done with it stands in the files beside. */
export class Meta {
  readonly businesses = new Map<string, Business>();
  readonly wabas = new Map<string, Waba>();
  readonly preverifiedNumbers = new Map<string, PreverifiedNumber>();
  readonly phoneNumbers = new Map<string, BusinessPhoneNumber>();
  readonly creditLines = new Map<string, CreditLine>();
  readonly creditShares = new Map<string, CreditShare>();
  readonly apps = new Apps();
  readonly messages = new WhatsAppMessages(() => ({ id: this.newId(), at: this.clock.now() }));
  readonly codes: Random;
  readonly #latestPreverified = new Map<string, PreverifiedNumber>();
  readonly #latestPhoneNumber = new Map<string, BusinessPhoneNumber>();
  readonly #ids: Random;
  #sequence = 0;

  constructor(
    readonly clock: Clock,
    readonly policy: Policy,
    readonly network: PhoneNetwork,
    readonly tokens: AccessTokens,
    public assumptions: Assumptions,
    seed: number,
  ) {
    this.codes = new Random(seed, 'codes');
    this.#ids = new Random(seed, 'ids');
  }

  /** Every object of that ID, those that are gone included; more than one only where an ID may have several kinds. */
  nodes(id: string): GraphNode[] {
    const { businesses, wabas, preverifiedNumbers, phoneNumbers, creditLines, creditShares } = this;
    const kinds = [businesses, wabas, preverifiedNumbers, phoneNumbers, creditLines, creditShares];
    return kinds.map((map) => map.get(id)).filter((node) => node !== undefined);
  }

  /** The portfolio of that ID, new if it is named for the first time. */
  business(id: string): Business {
    return this.#named(this.businesses, id, () => new Business(id, this.nextSequence()));
  }

  /** The WABA of that ID, new if it is named for the first time. */
  waba(id: string): Waba {
    return this.#named(this.wabas, id, () => new Waba(id, this.nextSequence()));
  }

  /** @throws GraphError 100/33 for an ID that is unknown, replaced or removed (rule 6) */
  preverified(id: string): PreverifiedNumber {
    const number = this.preverifiedNumbers.get(id);
    if (!number?.isInPool(this.clock.now())) throw new GraphError('noSuchObject', noObject(id));
    return number;
  }

  /** The number as it stands in somebody's pool; it can be in one at a time. */
  inAnyPool(digits: string): PreverifiedNumber | undefined {
    const number = this.#latestPreverified.get(digits);
    return number?.isInPool(this.clock.now()) ? number : undefined;
  }

  onAnyWaba(digits: string): BusinessPhoneNumber | undefined {
    return this.#latestPhoneNumber.get(digits);
  }

  keepPreverified(number: PreverifiedNumber): void {
    this.preverifiedNumbers.set(number.id, number);
    this.#latestPreverified.set(number.number.digits, number);
    this.business(number.portfolioId).pool.push(number);
  }

  keepPhoneNumber(number: BusinessPhoneNumber): void {
    this.phoneNumbers.set(number.id, number);
    this.#latestPhoneNumber.set(number.number.digits, number);
    this.waba(number.wabaId).phoneNumbers.push(number);
  }

  /** The customer deletes the number from its WABA; after that it may go into a pool again. */
  dropPhoneNumber(number: BusinessPhoneNumber): void {
    this.phoneNumbers.delete(number.id);
    this.#latestPhoneNumber.delete(number.number.digits);
    const { phoneNumbers } = this.waba(number.wabaId);
    phoneNumbers.splice(phoneNumbers.indexOf(number), 1);
  }

  newId(): string {
    const id = `1${this.#ids.digits(14)}`;
    return this.nodes(id).length === 0 ? id : this.newId();
  }

  nextSequence(): number {
    return (this.#sequence += 1);
  }

  #named<Kind>(map: Map<string, Kind>, id: string, create: () => Kind): Kind {
    const known = map.get(id);
    if (known !== undefined) return known;
    if (!/^\d{1,32}$/.test(id)) throw new GraphError('noSuchObject', noObject(id));
    if (this.assumptions.oneKindPerId && this.nodes(id).length > 0) {
      throw invalidParameter(`Object with ID '${id}' is of another type`);
    }
    const node = create();
    map.set(id, node);
    return node;
  }
}

export const noObject = (id: string): string =>
  `Unsupported request. Object with ID '${id.slice(0, 40)}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`;
