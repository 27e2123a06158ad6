import type { SimulatorClient } from '../../simulator/client';
import type { Agenda } from './agenda';
import type { PhoneCompany } from './phone-company';
import type { Plan, Outage } from './plan';

/** What any call may meet on any day: five in a hundred fail, two are done and not answered. */
const everyDay = [
  { call: '*', probability: 0.01, error: { code: 2 } },
  { call: '*', probability: 0.01, error: { code: 131000 } },
  { call: '*', probability: 0.01, error: { status: 503, emptyBody: true } },
  { call: '*', probability: 0.005, error: { code: 1 } },
  { call: '*', probability: 0.005, error: { code: 4 } },
  { call: '*', probability: 0.005, error: { code: 80008 }, headers: usage(7) },
  { call: '*', probability: 0.005, dropped: true },
  { call: '*', probability: 0.02, answerLost: true },
];

const faults: Partial<Record<Outage['kind'], object>> = {
  'Meta down': { call: '*', probability: 1, error: { status: 503, emptyBody: true } },
  'no registrations': { call: 'register', probability: 1, error: { code: 133004 } },
};

/** Brings about the outages of the plan. */
export class Outages {
  readonly #now = new Set<Outage>();

  constructor(
    private readonly plan: Plan,
    private readonly sim: SimulatorClient,
    private readonly phones: PhoneCompany,
    agenda: Agenda,
  ) {
    agenda.add(0, () => this.#set());
    for (const outage of plan.outages) {
      agenda.add(outage.from, () => this.#set(() => this.#now.add(outage)));
      agenda.add(outage.until, () => this.#set(() => this.#now.delete(outage)));
    }
  }

  /** Nothing goes wrong any more. */
  async end(): Promise<void> {
    this.#now.clear();
    await this.#set();
    await this.sim.clearFaults();
  }

  async #set(change: () => void = () => undefined): Promise<void> {
    change();
    const kinds = new Set([...this.#now].map(({ kind }) => kind));
    this.phones.silent = kinds.has('phones silent');
    await (kinds.has('token expired') ? this.sim.expireTokens() : this.sim.restoreTokens());
    await this.sim.clearFaults();
    await this.sim.fault([...[...kinds].flatMap((kind) => faults[kind] ?? []), ...everyDay]);
  }
}

/** Meta's word on when its limit opens again, in minutes. */
function usage(minutes: number): Record<string, string> {
  const limit = [{ type: 'whatsapp_business_management', estimated_time_to_regain_access: minutes }];
  return { 'X-Business-Use-Case-Usage': JSON.stringify({ '506914307656634': limit }) };
}
