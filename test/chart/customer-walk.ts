import type { NumberAtMeta, TokenState } from '../../contract/customer-activities';
import type { CustomerMessageName, CustomerMessagePayload } from '../../contract/customer-messages';
import { readCustomerStart } from '../../contract/customer-start';
import type { PhoneNumberId } from '../../contract/ids';
import type { Results } from '../../workflows/customer/events';
import { CustomerLife } from '../../workflows/customer/customer-life';
import { LifeWalk } from './life-walk';

/** A customer's life by hand. */
export class CustomerWalk extends LifeWalk<
  { [Name in CustomerMessageName]: CustomerMessagePayload<Name> },
  Results
> {
  readonly life: CustomerLife;

  constructor() {
    super();
    const read = readCustomerStart({ wabaId: '102290129340398', portfolioId: '506914307656634' });
    if (!read.ok) throw new Error(read.fault);
    this.life = new CustomerLife(read.start, undefined, this.time);
  }
}

export const businessId = '2729063490586005';
const webhooks = false;
export const noToken: TokenState = { held: false, expiresAt: null, problem: null };
const minute = { handling: 'wait', retryAfter: 60_000 } as const;

/** Of a worker that is configured for all. */
const missing = { systemUser: null, creditLine: null };
/** What it says once our app is subscribed. */
export const subscribed = (token = noToken): Results['subscribeCustomer'] => ({
  ...{ webhooks, token, missing },
});
export const shared = { webhooks, allocationConfigId: '58501441721238', currency: 'USD' };
export const read = (change: Partial<Results['readCustomer']> = {}): Results['readCustomer'] => ({
  ...{ webhooks, token: noToken, subscribed: true, missing, numbers: [], all: true },
  ...change,
});
export const numberAtMeta = (change: Partial<NumberAtMeta> = {}): NumberAtMeta => ({
  ...{ phoneNumber: '15550783881', phoneNumberId: '1906385232743451' as PhoneNumberId, customerId: null },
  ...{ registered: true, ended: false, status: 'CONNECTED', nameStatus: 'APPROVED', newNameStatus: null },
  ...change,
});

const sendAnd = (walk: CustomerWalk, ...[name, payload]: Parameters<CustomerWalk['send']>): CustomerWalk => {
  const refused = walk.send(name, payload);
  if (refused) throw new Error(`${name} was refused with ${refused} in ${walk.state}`);
  return walk;
};
const signing = () => new CustomerWalk();
const subscribing = () => sendAnd(signing(), 'connect', { businessId });
const assigning = () => subscribing().answer('subscribeCustomer', subscribed());
const funding = () => assigning().answer('assignSystemUser', { webhooks });
export const connected = () => funding().answer('shareCreditLine', shared).answer('readCustomer', read());
const waiting = () => funding().refuse('shareCreditLine', minute);
const leavingFrom = (walk: CustomerWalk) => sendAnd(walk, 'offboard', {});
const revoked = { webhooks, revoked: shared.allocationConfigId };

/** A way to every phase of the chart. */
export const customerPhases: Record<string, () => CustomerWalk> = {
  'Signing.waiting': signing,
  'Connecting.subscribing': subscribing,
  'Connecting.assigning': assigning,
  'Connecting.funding': funding,
  'Connecting.waiting': waiting,
  'Connecting.leaving.revoking': () => leavingFrom(waiting()),
  'Connecting.leaving.closing': () => leavingFrom(waiting()).answer('revokeCreditLine', revoked),
  'Connecting.leaving.waiting': () => leavingFrom(waiting()).refuse('revokeCreditLine', minute),
  'Connected.settled': connected,
  'Connected.leaving.revoking': () => leavingFrom(connected()),
  'Connected.leaving.closing': () => leavingFrom(connected()).answer('revokeCreditLine', revoked),
  'Connected.leaving.waiting': () => leavingFrom(connected()).refuse('revokeCreditLine', minute),
  Left: () =>
    leavingFrom(connected())
      .answer('revokeCreditLine', revoked)
      .answer('closeCustomer', { webhooks, numbers: [] }),
};
