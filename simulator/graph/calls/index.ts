import type { GraphCall } from '../call';
import { codeCalls } from './code-calls';
import { phoneCalls } from './phone-calls';
import { poolCalls } from './pool-calls';
import { wabaCalls } from './waba-calls';

/** Every call that the simulator knows, but the exchange of a signup code, which is made on no object. */
export const calls: readonly GraphCall[] = [...poolCalls, ...codeCalls, ...wabaCalls, ...phoneCalls];
