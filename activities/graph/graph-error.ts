import { rowFor, type ErrorRow, type Handling } from './error-table';
import type { StatedWaits } from './stated-waits';

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
  waits: StatedWaits;
}

/** Meta answered with an error envelope and did not do the call. The error table says what follows. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly handling: Handling;
  /** Milliseconds before another try makes sense, `null` where waiting does not help. */
  readonly retryAfter: number | null;
  /** Milliseconds up to which that time doubles with every failure in a row; `null` where it stays the same. */
  readonly retryAfterAtMost: number | null;
  /** Meta did nothing, and no budget of the number's counts the call. */
  readonly turnedAway: boolean;
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
    this.retryAfter = statedFor(row, parts.waits) ?? row.retryAfter;
    this.retryAfterAtMost = row.retryAfterAtMost ?? null;
    this.turnedAway = row.turnsAway === true;
    this.whatToDo = row.whatToDo;
    this.words = parts.words;
    this.code = code;
  }
}

/** An error of Meta's that asks for this handling. */
export const isGraphError = (error: unknown, handling: Handling): error is GraphError =>
  error instanceof GraphError && error.handling === handling;

/** The wait that the answer states for an error of this row. Other rows know better: 72 hours stay 72 hours. */
function statedFor(
  { limitsRate, handling }: ErrorRow,
  { regainAccess, retryAfter }: StatedWaits,
): number | null {
  if (limitsRate) return Math.max(regainAccess ?? 0, retryAfter ?? 0) || null;
  return handling === 'retry' ? retryAfter : null;
}
