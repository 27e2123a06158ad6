import { GraphError } from '../graph-error';

/** Any token is good until it is said to be invalid or expired. */
export class AccessTokens {
  readonly #invalid: Set<string>;
  readonly #expired = new Set<string>();
  #allExpired = false;

  constructor(invalid: readonly string[]) {
    this.#invalid = new Set(invalid);
  }

  /** @throws GraphError 190 */
  check(token: string | undefined): void {
    if (token === undefined || this.#invalid.has(token)) throw new GraphError('invalidToken');
    if (this.#allExpired || this.#expired.has(token)) throw new GraphError('expiredToken');
  }

  /** @param token every token when left out */
  expire(token?: string): void {
    if (token === undefined) this.#allExpired = true;
    else this.#expired.add(token);
  }

  /** Makes expired tokens good again. */
  restore(): void {
    this.#allExpired = false;
    this.#expired.clear();
  }
}

/** The token of a request: in the header, or as the parameter that Meta's SDKs send. */
export function tokenOf(
  authorization: string | undefined,
  parameter: string | undefined,
): string | undefined {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? parameter;
}
