import * as v from 'valibot';
import { WabaId } from '../../contract/ids';

/** A batch as Meta delivers it, read as far as it must be: what is not understood is none of our business. */
export const Delivery = v.object({
  entry: v.array(
    v.object({
      id: v.unknown(),
      time: v.unknown(),
      changes: v.optional(v.array(v.object({ field: v.unknown(), value: v.unknown() })), []),
    }),
  ),
});

const AccountUpdate = v.object({
  event: v.optional(v.string()),
  waba_info: v.optional(v.object({ waba_id: WabaId })),
});

export interface AccountUpdate {
  wabaId: WabaId;
  /** What makes it another one than the next: Meta gives its deliveries no ID (rule §5). */
  key: readonly unknown[];
}

/** Every `account_update` of a batch that says on which WABA there may be claims. */
export function accountUpdates({ entry }: v.InferOutput<typeof Delivery>): AccountUpdate[] {
  return entry.flatMap(({ id, time, changes }) =>
    changes.flatMap(({ field, value }) => {
      const wabaId = field === 'account_update' ? wabaOf(id, value) : null;
      return wabaId === null ? [] : [{ wabaId, key: [id, time, field, value] }];
    }),
  );
}

/** With PARTNER_ADDED the entry is our portfolio and the WABA is told apart; else the entry is the WABA (rule §5). */
function wabaOf(entryId: unknown, value: unknown): WabaId | null {
  const update = v.safeParse(AccountUpdate, value);
  if (!update.success) return null;
  const { event, waba_info } = update.output;
  if (waba_info) return waba_info.waba_id;
  const entry = v.safeParse(WabaId, entryId);
  return event !== 'PARTNER_ADDED' && entry.success ? entry.output : null;
}
