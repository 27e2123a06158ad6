import { rowFor, type Handling } from './error-table';

interface GraphErrorParts {
  /** The call, without its parameters: `POST /106540352242922/request_code`. */
  call: string;
  code: number | null;
  subcode: number | null;
  transient: boolean;
  /** Meta's words, redacted. */
  words: string;
  /** Meta's `fbtrace_id`, which its support asks for. */
  traceId: string | null;
  /** Milliseconds after which Meta's rate limit opens again, if its answer states them. */
  regainAccessAfter: number | null;
}

/** Meta answered with an error envelope and did not do the call. The error table says what follows. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly handling: Handling;
  /** Milliseconds before another try makes sense, `null` where waiting does not help. */
  readonly retryAfter: number | null;
  readonly whatToDo: string;
  readonly words: string;
  /** `136024/2388091`: code and subcode where there is one; `none` where Meta states no code. */
  readonly code: string;

  constructor(parts: GraphErrorParts) {
    const code = [parts.code ?? 'none', ...(parts.subcode === null ? [] : [parts.subcode])].join('/');
    const trace = parts.traceId === null ? '' : ` (fbtrace_id ${parts.traceId})`;
    super(`${parts.call}: Meta's error ${code}: ${parts.words}${trace}`);
    const row = rowFor(parts);
    this.handling = row.handling;
    this.retryAfter = (row.limitsRate ? parts.regainAccessAfter : null) ?? row.retryAfter;
    this.whatToDo = row.whatToDo;
    this.words = parts.words;
    this.code = code;
  }
}

/** An error of Meta's that asks for this handling. */
export const isGraphError = (error: unknown, handling: Handling): error is GraphError =>
  error instanceof GraphError && error.handling === handling;
