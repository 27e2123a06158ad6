import ms from 'ms';
import type { Clock } from '../clock';
import { GraphError, invalidParameter } from '../graph-error';
import type { Random } from '../random';

/** The code that Embedded Signup hands to the browser: exchanged for a token once, within 30 seconds. */
const signupCodeLife = ms('30 seconds');

/** What the customer grants by it. */
export interface Grant {
  /** The app that opened the popup; `null`: any. */
  appId: string | null;
  /** In the order in which they were granted. */
  wabaIds: readonly string[];
}

export class SignupCodes {
  readonly #codes = new Map<string, Grant & { issuedAt: number; used: boolean }>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issue(grant: Grant): string {
    const code = `AQ${this.random.digits(30)}`;
    this.#codes.set(code, { ...grant, issuedAt: this.clock.now(), used: false });
    return code;
  }

  /** @throws GraphError 100, with subcode 36007 when it is late and 36009 when it was used */
  use(code: string, appId: string): Grant {
    const issued = this.#codes.get(code);
    if (issued === undefined) throw invalidParameter('Invalid verification code format.');
    if (issued.appId !== null && issued.appId !== appId) {
      throw invalidParameter('The verification code was issued to another app.');
    }
    if (issued.used) throw new GraphError('signupCodeUsed');
    if (this.clock.now() >= issued.issuedAt + signupCodeLife) throw new GraphError('signupCodeExpired');
    issued.used = true;
    return issued;
  }
}
