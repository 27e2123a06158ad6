import * as v from 'valibot';

/** Says for the compiler which kind of ID a text is; at run time there is no such property. */
export interface IdOf<Kind extends string> {
  readonly idOf: Kind;
}
/** A WABA ID cannot pass as a business ID. */
export type Id<Kind extends string> = string & IdOf<Kind>;

export type PortfolioId = Id<'PortfolioId'>;
export type PreverifiedId = Id<'PreverifiedId'>;
export type WabaId = Id<'WabaId'>;
export type PhoneNumberId = Id<'PhoneNumberId'>;
export type BusinessId = Id<'BusinessId'>;

/** Meta's object IDs are decimal strings; nothing else about them is read. */
const metaId = <Type extends Id<string>>(what: string) =>
  v.pipe(
    v.string(`${what} must be a string of digits`),
    v.regex(/^\d{1,32}$/, `${what} must be 1 to 32 digits`),
    v.transform((digits) => digits as Type),
  );

export const PortfolioId = metaId<PortfolioId>('portfolioId');
export const PreverifiedId = metaId<PreverifiedId>('preverifiedId');
export const WabaId = metaId<WabaId>('wabaId');
export const PhoneNumberId = metaId<PhoneNumberId>('phoneNumberId');
export const BusinessId = metaId<BusinessId>('businessId');

export const isPortfolioId = (id: unknown): id is PortfolioId => v.is(PortfolioId, id);
