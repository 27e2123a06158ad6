import type { Clock } from '../clock';
import { GraphError } from '../graph-error';
import type { Random } from '../random';
import { permissions, type AccessToken } from './access-token';

/**
 * Every access token. One that was not issued here is, from the first time that it is shown, a system token of an admin
 * with all permissions, until it is said to be something else.
 */
export class AccessTokens {
  readonly #tokens = new Map<string, AccessToken>();
  readonly #invalid: Set<string>;
  #allExpired = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    invalid: readonly string[],
  ) {
    this.#invalid = new Set(invalid);
  }

  issue(token: Partial<AccessToken> & Pick<AccessToken, 'kind'>): AccessToken {
    const issued: AccessToken = {
      text: `EAA${this.random.digits(40)}`,
      appId: null,
      userId: `122${this.random.digits(12)}`,
      role: 'admin',
      portfolioId: null,
      wabaIds: null,
      issuedAt: this.clock.now(),
      scopes: permissions,
      expiresAt: null,
      revoked: false,
      ...token,
    };
    this.#tokens.set(issued.text, issued);
    return issued;
  }

  /** Those that were issued or shown, in that order. */
  list(): AccessToken[] {
    return [...this.#tokens.values()];
  }

  /** A token as it is, good or not. */
  named(text: string): AccessToken {
    return this.#tokens.get(text) ?? this.issue({ kind: 'system', text });
  }

  isGood(token: AccessToken): boolean {
    const { revoked, expiresAt, text } = token;
    const expired = this.#allExpired || (expiresAt !== null && this.clock.now() >= expiresAt);
    return !revoked && !expired && !this.#invalid.has(text);
  }

  /** The token that a call shows. @throws GraphError 190 */
  check(text: string | undefined): AccessToken {
    if (text === undefined || this.#invalid.has(text)) throw new GraphError('invalidToken');
    const token = this.named(text);
    if (token.revoked) throw new GraphError('revokedToken');
    if (!this.isGood(token)) throw new GraphError('expiredToken');
    return token;
  }

  /** @param text every token when left out */
  expire(text?: string): void {
    if (text === undefined) this.#allExpired = true;
    else this.named(text).expiresAt = this.clock.now();
  }

  /** Makes expired tokens good again. */
  restore(): void {
    this.#allExpired = false;
    for (const token of this.#tokens.values()) token.expiresAt = null;
  }
}
