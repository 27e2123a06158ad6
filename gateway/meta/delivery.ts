import * as v from 'valibot';
import { departureEvents, type DepartureEvent } from '../../contract/customer-messages';
import { BusinessId, WabaId } from '../../contract/ids';
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
  /** WABAs on which a customer may have put a number of ours; `begins`: the customer came aboard, or came back. */
  changed: { wabaId: WabaId; begins: boolean; businessId: BusinessId | null; key: readonly unknown[] }[];
  /** WABAs that we cannot read any more, and whose they are, where it is said. */
  left: { wabaId: WabaId; event: DepartureEvent; businessId: BusinessId | null; key: readonly unknown[] }[];
  /** Numbers of whose display names Meta's review says something. */
  names: { wabaId: WabaId; phoneNumber: string; key: readonly unknown[] }[];
}

/**
 * Reads each change of a delivery by itself, so that one which is not understood hides no other.
 *
 * @param portfolioId ours, which is no WABA; `null` where it is not known
 */
export function accountUpdates(delivery: Delivery, portfolioId: string | null): AccountUpdates {
  const updates: AccountUpdates = { changed: [], left: [], names: [] };
  for (const change of changesOf(delivery)) {
    if (change.field === 'phone_number_name_update') {
      const name = nameUpdateOf(change);
      if (name) updates.names.push(name);
      continue;
    }
    const wabaId = wabaOf(change);
    if (wabaId === null || wabaId === portfolioId) continue;
    const { event } = change.value;
    const businessId = readMetaId(BusinessId, fieldsOf(change.value['waba_info'])['owner_business_id']);
    if (isDeparture(event)) {
      updates.left.push({ wabaId, event, businessId, key: change.key });
      updates.changed = updates.changed.filter((before) => before.wabaId !== wabaId);
    } else updates.changed.push({ wabaId, begins: arrivals.includes(event), businessId, key: change.key });
  }
  return updates;
}

interface AccountUpdate {
  field: 'account_update' | 'phone_number_name_update';
  entryId: unknown;
  value: Readonly<Record<string, unknown>>;
  /** Identifies the change, since Meta's deliveries have no ID. */
  key: readonly unknown[];
}

/** The changes of accounts and of numbers' names; Meta's own samples put `field` beside the value, inside it, or beside `changes`. */
function* changesOf(delivery: Delivery): Generator<AccountUpdate> {
  for (const entry of listOf(delivery.entry).map(fieldsOf)) {
    for (const change of listOf(entry['changes']).map(fieldsOf)) {
      const value = fieldsOf(change['value']);
      const named = [change, value, entry, delivery].map((place) => place.field);
      const field = named.find((name) => typeof name === 'string' && name !== '');
      const isAccountUpdate = field === 'account_update' || (field === undefined && 'waba_info' in value);
      const isNameUpdate = field === 'phone_number_name_update';
      if (!(isAccountUpdate || isNameUpdate) || value !== change['value']) continue;
      const { id, time } = entry;
      const name = isNameUpdate ? 'phone_number_name_update' : 'account_update';
      yield { field: name, entryId: id, value, key: [id, time, name, value] };
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

/** Its entry is the WABA, and the number stands in digits, as people write it or with a plus. */
function nameUpdateOf({ entryId, value, key }: AccountUpdate): AccountUpdates['names'][number] | null {
  const wabaId = readMetaId(WabaId, entryId);
  const { display_phone_number: shown } = value;
  const phoneNumber = typeof shown === 'string' || typeof shown === 'number' ? digitsOf(shown) : '';
  return wabaId === null || !/^\d{5,20}$/.test(phoneNumber) ? null : { wabaId, phoneNumber, key };
}

const digitsOf = (shown: string | number) => String(shown).replace(/\D/g, '');

/** With these a customer comes aboard, or comes back. */
const arrivals: readonly unknown[] = ['PARTNER_ADDED', 'ACCOUNT_RECONNECTED'];

/** After these Meta refuses us the WABA: a search could only fail. */
const isDeparture = (event: unknown): event is DepartureEvent =>
  departureEvents.includes(event as DepartureEvent);
