import { InvalidArgumentError } from 'commander';
import { readSpan } from '../contract/times';

/** A length of time on the command line, in milliseconds: a second or more. */
export function span(text: string): number {
  const value = readSpan(text);
  if (value === undefined || !(value >= 1000)) {
    throw new InvalidArgumentError('It must be a time of a second or more, such as 1h.');
  }
  return value;
}
