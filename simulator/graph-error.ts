import { graphErrors, type GraphErrorEntry, type GraphErrorName } from './error-table';

/** Meta's refusal of a call. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly entry: GraphErrorEntry;

  /** @param message in place of the table's */
  constructor(error: GraphErrorName | GraphErrorEntry, message?: string) {
    const entry: GraphErrorEntry = typeof error === 'string' ? graphErrors[error] : error;
    super(message ?? entry.message);
    this.entry = { ...entry, message: this.message };
  }

  /** The body that Meta answers with. */
  envelope(traceId: string) {
    const { status: _status, message, type = 'OAuthException', code, ...rest } = this.entry;
    return { error: { message, type, code, ...rest, fbtrace_id: traceId } };
  }
}

/** Code 100, what Meta says of a parameter that it does not like. @param why a sentence without the code */
export const invalidParameter = (why: string): GraphError =>
  new GraphError('invalidParameter', `(#100) ${why}`);
