import * as v from 'valibot';
import { digitsOf, flag, isVerified, phoneNumberIdAnswer, text } from './parsers';

/** The fields that are asked for by the SDK's names, and by the others those of them that we cannot do without. */
export const businessPhoneNumberFields = {
  sdk: 'id,display_phone_number,verified_name,code_verification_status,platform_type,status,is_preverified_number,is_pin_enabled',
  other: 'id,display_phone_number,verification_status,platform_type,status',
};

/** A business phone number on a WABA, as Meta states it. */
export const BusinessPhoneNumber = v.pipe(
  v.object({
    id: phoneNumberIdAnswer,
    display_phone_number: text,
    phone_number: text,
    verified_name: text,
    code_verification_status: text,
    verification_status: text,
    platform_type: text,
    status: text,
    is_preverified_number: flag,
    is_pin_enabled: flag,
  }),
  v.transform((answer) => ({
    id: answer.id,
    /** Digits. */
    phoneNumber: digitsOf(answer.display_phone_number || answer.phone_number || ''),
    verifiedName: answer.verified_name,
    verified: isVerified(answer.code_verification_status ?? answer.verification_status),
    /** Registered for Cloud API; a number in use is connected, and one that is not registered has no platform. */
    registered: answer.platform_type === 'CLOUD_API' || answer.status === 'CONNECTED',
    wasPreverified: answer.is_preverified_number,
    hasPin: answer.is_pin_enabled,
  })),
);
export type BusinessPhoneNumber = v.InferOutput<typeof BusinessPhoneNumber>;
