import { RefusedError } from './refused-error';

/** In the name of whom something is done: 1 to 200 characters, as in every message. */
export function checkedBy<By extends string | undefined>(by: By, number = ''): By {
  if (by === undefined || (typeof by === 'string' && by.trim() !== '' && by.length <= 200)) return by;
  throw new RefusedError('InvalidMessage', 'by must be 1 to 200 characters: a person or a service.', number);
}
