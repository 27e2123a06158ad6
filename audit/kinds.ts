import { readCustomerStart } from '../contract/customer-start';
import type { CustomerRecord } from '../contract/customer-record';
import type { NumberRecord } from '../contract/number-record';
import { readStart } from '../contract/number-start';
import type { AttributeValues } from '../contract/search-attributes';
import { CustomerLife, type CarriedCustomer } from '../workflows/customer/customer-life';
import type { Child } from '../workflows/interpreter/interpretation';
import type { LifeEvent } from '../workflows/life/kind';
import type { Carried, Life } from '../workflows/life/life';
import { activityOf } from '../workflows/number/call-end';
import { NumberLife, type CarriedNumber } from '../workflows/number/number-life';

/** A number's record, or a customer's. */
export type AuditedRecord = NumberRecord | CustomerRecord;

/** A number's life or a customer's, as the audit plays it. */
export type AuditedLife = Life<string, LifeEvent, AuditedRecord> & { attributes(): AttributeValues };
export type AuditedCarried = Carried<string, LifeEvent, AuditedRecord>;

/** What a run's input begins, or the first fault of it in plain words. */
type Begun =
  | { ok: true; chartVersion: number; begin(carried: AuditedCarried | undefined, at: number): AuditedLife }
  | { ok: false; fault: string };

/** A kind of life whose histories are audited. */
export interface AuditedKind {
  /** What rows and sentences call one who lives it. */
  name: 'number' | 'customer';
  begun(input: unknown): Begun;
  /** The activity that does a child's work. */
  activityOf(child: Child): string;
}

/** By the type of the workflow. */
const kinds: Partial<Record<string, AuditedKind>> = {
  numberLifecycle: {
    name: 'number',
    begun(input) {
      const read = readStart(input);
      if (!read.ok) return read;
      const begin = (carried: AuditedCarried | undefined, at: number) =>
        new NumberLife(read.start, carried as CarriedNumber | undefined, at);
      return { ok: true, chartVersion: read.start.chartVersion, begin };
    },
    activityOf,
  },
  customerLifecycle: {
    name: 'customer',
    begun(input) {
      const read = readCustomerStart(input);
      if (!read.ok) return read;
      const begin = (carried: AuditedCarried | undefined, at: number) =>
        new CustomerLife(read.start, carried as CarriedCustomer | undefined, at);
      return { ok: true, chartVersion: read.start.chartVersion, begin };
    },
    activityOf: ({ src }) => src,
  },
};

/** `null` for a workflow that is no life. */
export const kindOf = (workflowType: string): AuditedKind | null => kinds[workflowType] ?? null;
