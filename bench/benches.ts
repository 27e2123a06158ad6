import type { Bench } from './core/bench';
import { lifecycle } from './lifecycle';

/** By the names that `npm run bench -- <name>` takes, in the order in which all of them run. */
export const benches: Record<string, Bench> = { lifecycle };
