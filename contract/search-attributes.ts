import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributePair,
  type TypedSearchAttributes,
} from '@temporalio/common';
import type { CustomerRecord } from './customer-record';
import { finalStates, type NumberRecord } from './number-record';

/** By what numbers and customers are found; made once in a namespace by set-up. */
export const searchAttributes = {
  NumberState: defineSearchAttributeKey('NumberState', SearchAttributeType.KEYWORD),
  PortfolioId: defineSearchAttributeKey('PortfolioId', SearchAttributeType.KEYWORD),
  WabaId: defineSearchAttributeKey('WabaId', SearchAttributeType.KEYWORD),
  CustomerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD),
  Country: defineSearchAttributeKey('Country', SearchAttributeType.KEYWORD),
  VerificationExpiresAt: defineSearchAttributeKey('VerificationExpiresAt', SearchAttributeType.DATETIME),
  NextDeadline: defineSearchAttributeKey('NextDeadline', SearchAttributeType.DATETIME),
  Problem: defineSearchAttributeKey('Problem', SearchAttributeType.KEYWORD),
  NeedsPerson: defineSearchAttributeKey('NeedsPerson', SearchAttributeType.KEYWORD),
  CustomerState: defineSearchAttributeKey('CustomerState', SearchAttributeType.KEYWORD),
} as const;

type Name = keyof typeof searchAttributes;
export type AttributeValues = Record<Name, string | null>;

/** The attributes of a number as its record stands; `null` where an attribute is unset. @param country as the start reads it */
export function attributesOf(record: NumberRecord, country: string): AttributeValues {
  return {
    NumberState: record.state,
    PortfolioId: record.portfolioId,
    WabaId: record.claim?.wabaId ?? null,
    CustomerId: record.claim?.customerId ?? record.reservation?.customerId ?? null,
    Country: country,
    VerificationExpiresAt: record.verificationExpiresAt,
    NextDeadline: record.nextDeadline?.at ?? null,
    Problem: record.problem?.code ?? null,
    // The problem's code, where somebody has to act: it does not pass by itself, and the number lives.
    NeedsPerson:
      record.problem?.needsPerson && !finalStates.includes(record.state) ? record.problem.code : null,
    CustomerState: null,
  };
}

/** The attributes of a customer as its record stands. */
export function customerAttributesOf(record: CustomerRecord): AttributeValues {
  const { problem } = record;
  return {
    NumberState: null,
    PortfolioId: record.portfolioId,
    WabaId: record.wabaId,
    CustomerId: record.customerId,
    Country: null,
    VerificationExpiresAt: null,
    NextDeadline: null,
    Problem: problem?.code ?? null,
    NeedsPerson: problem?.needsPerson && record.state !== 'Left' ? problem.code : null,
    CustomerState: record.state,
  };
}

/** The attributes that the run was started or continued with. */
export function statedAttributes(stated: TypedSearchAttributes): AttributeValues {
  const entries = Object.entries(searchAttributes).map(([name, key]) => {
    const value: string | Date | undefined = stated.get<'KEYWORD' | 'DATETIME'>(key);
    // An unset time comes back as the epoch.
    return [name, value instanceof Date ? (value.getTime() ? value.toISOString() : null) : (value ?? null)];
  });
  return Object.fromEntries(entries) as AttributeValues;
}

/** What a client states when it starts a number, so that the run need not. */
export function firstAttributes(portfolioId: string, country: string): SearchAttributePair[] {
  return [
    { key: searchAttributes.NumberState, value: 'Added' },
    { key: searchAttributes.PortfolioId, value: portfolioId },
    { key: searchAttributes.Country, value: country },
  ];
}

/** What a client states when it begins a customer. */
export const firstCustomerAttributes = (portfolioId: string, wabaId: string): SearchAttributePair[] => [
  { key: searchAttributes.CustomerState, value: 'Signing' },
  { key: searchAttributes.PortfolioId, value: portfolioId },
  { key: searchAttributes.WabaId, value: wabaId },
];

/** The attributes that differ, as Temporal takes them. */
export function changedAttributes(before: AttributeValues, after: AttributeValues) {
  return (Object.keys(searchAttributes) as Name[])
    .filter((name) => before[name] !== after[name])
    .map((name) => {
      const key = searchAttributes[name];
      const value = after[name];
      return (
        key.type === SearchAttributeType.DATETIME
          ? { key, value: value === null ? null : new Date(value) }
          : { key, value }
      ) as { key: typeof searchAttributes.NumberState; value: string | null };
    });
}
