import {
  customerMessageNames,
  readCustomerMessage,
  type CustomerMessageName,
} from '../../contract/customer-messages';
import type { CustomerRecord } from '../../contract/customer-record';
import type { CustomerStart } from '../../contract/customer-start';
import { customerAttributesOf, type AttributeValues } from '../../contract/search-attributes';
import type { Observer } from '../interpreter/interpretation';
import { failedEnd } from '../life/failed-end';
import type { LifeKind } from '../life/kind';
import { Life, type Carried } from '../life/life';
import { customerWebhookEvents } from '../webhooks/customer-events';
import { customerCharts } from './charts';
import { customerRecord, transitionOf } from './customer-record';
import type { CustomerMessageEvent } from './events';
import { isSettled, outcomeOf } from './outcome';
import { rejectionOf } from './rejections';

export type CarriedCustomer = Carried<CustomerMessageName, CustomerMessageEvent, CustomerRecord>;

/** A customer's life with us, without Temporal. */
export class CustomerLife extends Life<CustomerMessageName, CustomerMessageEvent, CustomerRecord> {
  constructor(start: CustomerStart, carried: CarriedCustomer | undefined, at: number, observe?: Observer) {
    super(customerKind, start, carried, at, observe);
  }

  attributes(): AttributeValues {
    return customerAttributesOf(this.record());
  }
}

const customerKind: LifeKind<CustomerMessageName, CustomerMessageEvent, CustomerRecord> = {
  charts: customerCharts,
  messageNames: customerMessageNames,
  read: readCustomerMessage,
  meant: (_chart, _now, event) => event,
  refusedAsSignal: () => null,
  rejectionOf,
  isSettled,
  outcomeOf,
  effectOf: (event) => event.type,
  record: customerRecord,
  transitionOf,
  webhookEvents: customerWebhookEvents,
  // Every call's answer says it: a customer stays for years, and endpoints come later.
  webhooksIn: (event) => (event as { output?: { webhooks?: boolean } | null }).output?.webhooks,
  // Every call reads before it writes.
  once: null,
  unansweredEnd: () => failedEnd(undefined),
};
