import * as v from 'valibot';

/** A request to the simulator's own control that makes no sense; answered with HTTP 400 and the sentence. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly statusCode = 400;
}

/** @throws ControlError with the first fault found */
export function read<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new ControlError(path === null ? issue.message : `${path}: ${issue.message}`);
}
