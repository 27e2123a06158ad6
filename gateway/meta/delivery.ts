import * as v from 'valibot';
import { WabaId } from '../../contract/ids';
import { fieldsOf, listOf, readMetaId } from './fields';

/**
 * A batch as Meta delivers it. No more of it is checked than that it is one: Meta repeats a refused delivery for seven
 * days, with everything else that is in the batch (docs/rules.md, Webhooks).
 */
export const Delivery = v.object({
  entry: v.nullish(v.union([v.array(v.unknown()), v.looseObject({})], 'must be Array')),
  field: v.optional(v.unknown()),
});
export type Delivery = v.InferOutput<typeof Delivery>;

/** What a delivery says of customers' WABAs. */
export interface AccountUpdates {
  /** WABAs on which a customer may have put a number of ours. */
  changed: { wabaId: WabaId; key: readonly unknown[] }[];
  /** WABAs that we cannot read any more. */
  left: { wabaId: WabaId; event: string }[];
}

/**
 * Reads each change of a delivery by itself, so that one which is not understood hides no other.
 *
 * @param portfolioId ours, which is no WABA; `null` where it is not known
 */
export function accountUpdates(delivery: Delivery, portfolioId: string | null): AccountUpdates {
  const updates: AccountUpdates = { changed: [], left: [] };
  for (const change of changesOf(delivery)) {
    const wabaId = wabaOf(change);
    if (wabaId === null || wabaId === portfolioId) continue;
    const { event } = change.value;
    if (isDeparture(event)) {
      updates.left.push({ wabaId, event });
      updates.changed = updates.changed.filter((before) => before.wabaId !== wabaId);
    } else updates.changed.push({ wabaId, key: change.key });
  }
  return updates;
}

interface AccountUpdate {
  entryId: unknown;
  value: Readonly<Record<string, unknown>>;
  /** Identifies the change, since Meta's deliveries have no ID. */
  key: readonly unknown[];
}

/** The `account_update` changes; Meta's own samples put `field` beside the value, inside it, or beside `changes`. */
function* changesOf(delivery: Delivery): Generator<AccountUpdate> {
  for (const entry of listOf(delivery.entry).map(fieldsOf)) {
    for (const change of listOf(entry['changes']).map(fieldsOf)) {
      const value = fieldsOf(change['value']);
      const named = [change, value, entry, delivery].map((place) => place.field);
      const field = named.find((name) => typeof name === 'string' && name !== '');
      const isAccountUpdate = field === 'account_update' || (field === undefined && 'waba_info' in value);
      if (!isAccountUpdate || value !== change['value']) continue;
      const { id, time } = entry;
      yield { entryId: id, value, key: [id, time, 'account_update', value] };
    }
  }
}

/**
 * Where there is `waba_info`, it names the WABA, and the entry may be our portfolio. Without it the entry is the WABA, but for
 * `PARTNER_…` events: of those only a removal on the customer's phone comes from the WABA itself.
 */
function wabaOf({ entryId, value }: AccountUpdate): WabaId | null {
  const { event, waba_info: info } = value;
  if (info !== undefined && info !== null) return readMetaId(WabaId, fieldsOf(info)['waba_id']);
  const entryIsWaba = isDeparture(event) || !String(event).startsWith('PARTNER_');
  return entryIsWaba ? readMetaId(WabaId, entryId) : null;
}

/** After these Meta refuses us the WABA: a search could only fail. */
const departures: readonly unknown[] = [
  'PARTNER_REMOVED',
  'PARTNER_APP_UNINSTALLED',
  'ACCOUNT_OFFBOARDED',
  'ACCOUNT_DELETED',
];
const isDeparture = (event: unknown): event is string => departures.includes(event);
