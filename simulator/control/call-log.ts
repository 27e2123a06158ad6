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
  /** Whose token it was made with: the partner's, a customer's or the app's. */
  tokenKind: 'system' | 'business' | 'app' | null;
  /** Codes, PINs, tokens and secrets are replaced by `(secret)`. */
  params: Record<string, string>;
  /** `null` while it is not answered, and for one that was dropped before it took effect. */
  status: number | null;
  errorCode: number | null;
  errorSubcode: number | null;
  /** It took effect with this status, and the caller got no answer. */
  answerLost: boolean;
  /** The connection was cut before it took effect. */
  dropped: boolean;
}

/** Which calls are meant; all where nothing is named. */
export interface CallFilter {
  call?: string | undefined;
  number?: string | undefined;
}

/** Every Graph call in the order of arrival. */
export class CallLog {
  readonly #calls: LoggedCall[] = [];
  readonly #byNumber = new Map<string, LoggedCall[]>();
  readonly #watchers = new Set<(call: LoggedCall) => void>();

  add(call: LoggedCall): void {
    this.#calls.push(call);
    if (call.number === null) return;
    const ofNumber = this.#byNumber.get(call.number);
    if (ofNumber) ofNumber.push(call);
    else this.#byNumber.set(call.number, [call]);
  }

  /** Wakes those who wait for such a call, once it has its status. */
  made(call: LoggedCall): void {
    for (const watcher of this.#watchers) watcher(call);
  }

  list({ call, number }: CallFilter): LoggedCall[] {
    const calls = number === undefined ? this.#calls : (this.#byNumber.get(number) ?? []);
    return call === undefined ? [...calls] : calls.filter((logged) => logged.call === call);
  }

  /** Resolves once such a call has succeeded, be it before or after, or when `signal` aborts. */
  async succeeded(filter: CallFilter, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.list(filter).some(hasSucceeded)) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#watchers.delete(watch);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const watch = (made: LoggedCall) => {
        const meant = filter.number === undefined || filter.number === made.number;
        if (meant && (filter.call === undefined || filter.call === made.call) && hasSucceeded(made)) end();
      };
      this.#watchers.add(watch);
      signal.addEventListener('abort', end);
    });
  }
}

const hasSucceeded = ({ status }: LoggedCall) => status === 200;

const secrets = new Set(['access_token', 'code', 'pin', 'client_secret', 'input_token', 'appsecret_proof']);

export const withoutSecrets = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    parameters.entries().map(([name, value]) => [name, secrets.has(name) ? '(secret)' : value]),
  );
