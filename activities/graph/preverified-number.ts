import * as v from 'valibot';
import { digitsOf, asText, isVerified, lenient, preverifiedIdAnswer, readTime, text } from './parsers';

const fields = (phoneNumber: string, status: string) =>
  `id,${phoneNumber},${status},code_verification_time,verification_expiry_time,owner_business{id,name}`;

/** The fields that are asked for, by the names of Meta's SDK and by those of deployments that have others. */
export const preverifiedFields = {
  sdk: fields('phone_number', 'code_verification_status'),
  other: fields('display_phone_number', 'verification_status'),
};

/** A number in a portfolio's pool, as Meta states it: phone number in digits, times in epoch milliseconds or `null`. */
export const PreverifiedNumber = v.pipe(
  v.object({
    id: preverifiedIdAnswer,
    phone_number: text,
    display_phone_number: text,
    code_verification_status: text,
    verification_status: text,
    code_verification_time: v.optional(v.unknown()),
    verification_expiry_time: v.optional(v.unknown()),
    owner_business: lenient(v.object({ id: asText })),
  }),
  v.transform((answer) => ({
    id: answer.id,
    phoneNumber: digitsOf(answer.phone_number || answer.display_phone_number || ''),
    verified: isVerified(answer.code_verification_status ?? answer.verification_status),
    verifiedAt: readTime(answer.code_verification_time),
    expiresAt: readTime(answer.verification_expiry_time),
    ownerBusinessId: answer.owner_business?.id ?? null,
  })),
);
export type PreverifiedNumber = v.InferOutput<typeof PreverifiedNumber>;
