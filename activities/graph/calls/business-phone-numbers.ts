import * as v from 'valibot';
import type { PhoneNumberId, PreverifiedId, WabaId } from '../../../contract/ids';
import { BusinessPhoneNumber } from '../business-phone-number';
import type { ByFieldNames } from '../field-names';
import { numberReader } from '../number-reader';
import { RegisterAnswer } from '../register-answer';
import type { Lists } from '../paging';
import { phoneNumberIdAnswer, Success } from '../parsers';
import type { GraphRequest, Send } from '../send';

/**
 * How the claim through the API names its parameters (docs/rules.md, Calls): `sdk` as Meta's generated SDKs do (`cc`,
 * `phone_number`), `doc` as Meta's page on pre-verified numbers does (`country_dial_code`, `display_phone_number`).
 */
export type ClaimDialect = 'sdk' | 'doc';

export interface ClaimThroughApi {
  preverifiedId: PreverifiedId;
  /** `1` of `+15550783881` */
  countryCode: string;
  /** `5550783881` of `+15550783881` */
  nationalNumber: string;
  /** The display name that customers see. */
  verifiedName: string;
}

/** Calls on the business phone numbers of a WABA. */
export function businessPhoneNumberCalls(
  send: Send,
  lists: Lists,
  byFieldNames: ByFieldNames,
  dialect: ClaimDialect,
) {
  const numbers = numberReader(BusinessPhoneNumber, byFieldNames, send, lists);
  return {
    /** Claims a pre-verified number for the WABA, without the signup screen. */
    async createPhoneNumber(wabaId: WabaId, claim: ClaimThroughApi): Promise<PhoneNumberId> {
      const { countryCode, nationalNumber } = claim;
      const number =
        dialect === 'sdk'
          ? { cc: countryCode, phone_number: nationalNumber }
          : { country_dial_code: countryCode, display_phone_number: nationalNumber };
      const answer = await send(
        {
          method: 'POST',
          path: `${wabaId}/phone_numbers`,
          params: { preverified_id: claim.preverifiedId, ...number, verified_name: claim.verifiedName },
        },
        v.object({ id: phoneNumberIdAnswer }),
      );
      return answer.id;
    },

    listPhoneNumbers: (wabaId: WabaId) => numbers.all(phoneNumbers(wabaId)),

    phoneNumbersPage: (wabaId: WabaId, after: string | null) => numbers.page(phoneNumbers(wabaId), after),

    /** An answer without a number stands: other names are tried only where Graph refuses these. */
    getPhoneNumber: (id: PhoneNumberId) => numbers.one(id, () => true),

    /**
     * `pin`: the one that is set if two-step verification is on, else it becomes the PIN. `pinSet` is false where Meta
     * says that the number was registered already and keeps the PIN that it has.
     */
    async registerPhoneNumber(
      id: PhoneNumberId,
      pin: string,
      dataLocalizationRegion: string | null,
    ): Promise<{ pinSet: boolean }> {
      const params = {
        messaging_product: 'whatsapp',
        pin,
        data_localization_region: dataLocalizationRegion ?? undefined,
      };
      return await send({ method: 'POST', path: `${id}/register`, params }, RegisterAnswer);
    },

    async deregisterPhoneNumber(id: PhoneNumberId): Promise<void> {
      await send({ method: 'POST', path: `${id}/deregister` }, Success);
    },

    /** Sets another two-step PIN on a registered number. */
    async setPin(id: PhoneNumberId, pin: string): Promise<void> {
      await send({ method: 'POST', path: id, params: { pin } }, Success);
    },
  };
}

const phoneNumbers = (wabaId: WabaId): GraphRequest => ({
  method: 'GET',
  path: `${wabaId}/phone_numbers`,
});
