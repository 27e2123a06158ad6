import { changedAttributes, type AttributeValues } from '../../contract/search-attributes';
import type { Recorded } from '../recorded';
import { text, type Find } from './finding';

/** Whether a run writes the search attributes that follow from its record. */
export class Attributes {
  #published: AttributeValues;

  constructor(
    private readonly find: Find,
    stated: Record<string, unknown>,
  ) {
    this.#published = attributeValues(stated);
  }

  compare(wanted: AttributeValues, made: readonly Recorded[]): void {
    const changed = changedAttributes(this.#published, wanted).map(
      ({ key }) => key.name as keyof AttributeValues,
    );
    const written: Record<string, unknown> = {};
    let at = made.at(-1)?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'attributes') continue;
      Object.assign(written, event.attributes);
      at = id;
    }
    const held = attributeValues(written);
    for (const name of new Set([...changed, ...(Object.keys(written) as (keyof AttributeValues)[])])) {
      if (name in wanted && (held[name] !== wanted[name] || !(name in written))) {
        this.find(
          at,
          `the search attribute ${name} is ${text(held[name])} in the history, ${text(wanted[name])} by the chart`,
        );
      }
    }
    this.#published = wanted;
  }
}

function attributeValues(stated: Record<string, unknown>): AttributeValues {
  const value = (name: keyof AttributeValues) => {
    const held = stated[name];
    if (held === undefined || held === null) return null;
    return name === 'VerificationExpiresAt' || name === 'NextDeadline'
      ? new Date(held as string).toISOString()
      : (held as string);
  };
  return {
    NumberState: value('NumberState'),
    PortfolioId: value('PortfolioId'),
    WabaId: value('WabaId'),
    CustomerId: value('CustomerId'),
    Country: value('Country'),
    VerificationExpiresAt: value('VerificationExpiresAt'),
    NextDeadline: value('NextDeadline'),
    Problem: value('Problem'),
    NeedsPerson: value('NeedsPerson'),
    CustomerState: value('CustomerState'),
  };
}
