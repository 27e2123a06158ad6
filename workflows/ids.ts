import * as v from 'valibot';

/** Meta's object IDs are decimal strings; each kind has a type of its own so that a WABA ID cannot pass as a business ID. */
const metaId = <const Name extends string>(name: Name, what: string) =>
  v.pipe(
    v.string(`${what} must be a string of digits`),
    v.regex(/^\d{1,32}$/, `${what} must be 1 to 32 digits`),
    v.brand(name),
  );

export const PortfolioId = metaId('PortfolioId', 'portfolioId');
export const PreverifiedId = metaId('PreverifiedId', 'preverifiedId');
export const WabaId = metaId('WabaId', 'wabaId');
export const PhoneNumberId = metaId('PhoneNumberId', 'phoneNumberId');
export const BusinessId = metaId('BusinessId', 'businessId');

export type PortfolioId = v.InferOutput<typeof PortfolioId>;
export type PreverifiedId = v.InferOutput<typeof PreverifiedId>;
export type WabaId = v.InferOutput<typeof WabaId>;
export type PhoneNumberId = v.InferOutput<typeof PhoneNumberId>;
export type BusinessId = v.InferOutput<typeof BusinessId>;

export const isPortfolioId = (id: unknown): id is PortfolioId => v.is(PortfolioId, id);
