import { ownerOf } from '../meta/customers';
import type { Meta } from '../meta/meta';
import type { Waba } from '../meta/waba';
import type { Change } from './deliveries';

/** Events that name the WABA in `waba_info` and have the partner's portfolio as their entry (docs/rules.md, Webhooks). */
const aboutPartner = /^PARTNER_/;

/** An `account_update` about a customer's WABA. */
export function accountUpdate(meta: Meta, waba: Waba, portfolioId: string, event: string): Change {
  const waba_info = { waba_id: waba.id, owner_business_id: ownerOf(meta, waba).id };
  return aboutPartner.test(event)
    ? { entryId: portfolioId, field: 'account_update', value: { event, waba_info } }
    : { entryId: waba.id, field: 'account_update', value: { event } };
}
