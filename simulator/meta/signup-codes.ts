import ms from 'ms';
import type { Clock } from '../clock';
import { GraphError, invalidParameter } from '../graph-error';
import type { Random } from '../random';

/** The code that Embedded Signup hands to the browser: exchanged for a token once, within 30 seconds. */
const signupCodeLife = ms('30 seconds');

export class SignupCodes {
  readonly #codes = new Map<string, { issuedAt: number; used: boolean }>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issue(): string {
    const code = `AQ${this.random.digits(30)}`;
    this.#codes.set(code, { issuedAt: this.clock.now(), used: false });
    return code;
  }

  /** @returns an access token @throws GraphError 100, with subcode 36007 when it is late and 36009 when it was used */
  exchange(code: string): string {
    const issued = this.#codes.get(code);
    if (issued === undefined) throw invalidParameter('Invalid verification code format.');
    if (issued.used) throw new GraphError('signupCodeUsed');
    if (this.clock.now() >= issued.issuedAt + signupCodeLife) throw new GraphError('signupCodeExpired');
    issued.used = true;
    return `EAA${this.random.digits(40)}`;
  }
}
