import { InvalidArgumentError } from 'commander';
import ms, { type StringValue } from 'ms';

/** A length of time on the command line, in milliseconds: a second or more. */
export function span(text: string): number {
  const value = ms(text as StringValue) as number | undefined;
  if (value === undefined || !(value >= 1000)) {
    throw new InvalidArgumentError('It must be a time of a second or more, such as 1h.');
  }
  return value;
}
