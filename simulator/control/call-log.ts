import type { Parameters } from '../graph/parameters';

/** One Graph call as it came in and was answered. */
export interface LoggedCall {
  /** ISO 8601, the simulator's clock. */
  at: string;
  method: string;
  /** Without the version. */
  path: string;
  /** `request_code`; what faults match too. `unknown` for what is no call. */
  call: string;
  objectId: string | null;
  /** Digits of the number that the call is about, where it is about one. */
  number: string | null;
  /** Codes, PINs, tokens and secrets are replaced by `(secret)`. */
  params: Record<string, string>;
  /** `null` while it is not answered, and for one that was dropped before it took effect. */
  status: number | null;
  errorCode: number | null;
  errorSubcode: number | null;
  /** It took effect with this status, and the caller was not told. */
  answerLost: boolean;
  /** The connection was cut before it took effect. */
  dropped: boolean;
}

/** Every Graph call in the order of arrival. */
export class CallLog {
  readonly #calls: LoggedCall[] = [];

  add(call: LoggedCall): void {
    this.#calls.push(call);
  }

  list({ call, number }: { call?: string | undefined; number?: string | undefined }): LoggedCall[] {
    return this.#calls.filter(
      (logged) =>
        (call === undefined || logged.call === call) && (number === undefined || logged.number === number),
    );
  }
}

const secrets = new Set(['access_token', 'code', 'pin', 'client_secret', 'input_token', 'appsecret_proof']);

export const withoutSecrets = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    parameters.entries().map(([name, value]) => [name, secrets.has(name) ? '(secret)' : value]),
  );
