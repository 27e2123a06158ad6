import * as v from 'valibot';
import type { PhoneNumberId } from '../../../contract/ids';
import type { ByFieldNames } from '../field-names';
import { text } from '../parsers';
import type { Send } from '../send';

/** Deployments that know no `new_name_status` or `account_mode` refuse the whole question with #100. */
export const healthFields = {
  sdk: 'id,status,name_status,new_name_status,quality_rating,account_mode',
  other: 'id,status,name_status,quality_rating',
};

const Health = v.pipe(
  v.object({
    status: text,
    name_status: text,
    new_name_status: text,
    quality_rating: text,
    account_mode: text,
  }),
  v.transform((answer) => ({
    /** `CONNECTED` once the number works. */
    status: answer.status,
    /** The display name: `APPROVED`, `AVAILABLE_WITHOUT_REVIEW`, `DECLINED`, `EXPIRED`, `PENDING_REVIEW`, `NONE`. */
    nameStatus: answer.name_status,
    /** The same for a name that is to take its place. */
    newNameStatus: answer.new_name_status,
    qualityRating: answer.quality_rating,
    accountMode: answer.account_mode,
  })),
);

/** What has become of a business phone number after its registration; `null` for what Meta does not say. */
export const healthCalls = (send: Send, byFieldNames: ByFieldNames) => ({
  readNumberHealth: (id: PhoneNumberId) =>
    byFieldNames(
      (fields) => send({ method: 'GET', path: id, params: { fields } }, Health),
      () => true,
    ),
});
