/** What a partner asks for: the pool, customers' accounts, their messages (docs/rules.md, Whose token). */
export const permissions = [
  'business_management',
  'whatsapp_business_management',
  'whatsapp_business_messaging',
] as const;

/** A token of a system user of the partner's, or of one customer, made by exchanging the code of their signup. */
export interface AccessToken {
  readonly text: string;
  readonly kind: 'system' | 'business';
  /** `null`: the app that was named first. */
  readonly appId: string | null;
  readonly userId: string;
  /** An admin reaches every WABA that is shared with its portfolio, an employee those that it was assigned to. */
  readonly role: 'admin' | 'employee';
  /** The portfolio of the system user; `null`: any partner's. */
  readonly portfolioId: string | null;
  /** The WABAs that the token is narrowed to, in the order in which they were granted; `null`: to none. */
  readonly wabaIds: readonly string[] | null;
  readonly issuedAt: number;
  scopes: readonly string[];
  /** Epoch milliseconds; `null` for never. */
  expiresAt: number | null;
  revoked: boolean;
}
