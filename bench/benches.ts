import type { Bench } from './core/bench';
import { burst } from './burst';
import { cluster } from './cluster';
import { latency } from './latency';
import { resident } from './resident';
import { lifecycle } from './lifecycle';
import { records } from './records';
import { catchUp } from './records/catch-up';
import { replaying } from './replay';
import { restate } from './restate';

/** By the names that `npm run bench -- <name>` takes, in the order in which all of them run. */
export const benches: Record<string, Bench> = {
  lifecycle,
  latency,
  resident,
  burst,
  replay: replaying,
  records,
  'catch-up': catchUp,
  cluster,
  restate,
};
