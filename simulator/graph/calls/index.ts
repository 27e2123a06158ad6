import type { GraphCall } from '../call';
import { codeCalls } from './code-calls';
import { creditCalls } from './credit-calls';
import { phoneCalls } from './phone-calls';
import { poolCalls } from './pool-calls';
import { wabaCalls } from './waba-calls';

/** Every call that the simulator knows, but those about tokens, which are made on no object. */
export const calls: readonly GraphCall[] = [
  ...poolCalls,
  ...codeCalls,
  ...wabaCalls,
  ...phoneCalls,
  ...creditCalls,
];
