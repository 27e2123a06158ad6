import type { Assumptions } from './assumptions';
import { Clock } from './clock';
import { Barriers } from './control/barriers';
import { CallLog } from './control/call-log';
import { Faults } from './control/faults';
import { AccessTokens } from './meta/access-tokens';
import { Meta } from './meta/meta';
import { policyOf } from './meta/policy';
import { SignupCodes } from './meta/signup-codes';
import { PhoneNetwork } from './phone-network/phone-network';
import { Random } from './random';
import { Deliveries } from './webhooks/deliveries';

/** Everything of one simulator, before it speaks HTTP. */
export interface Simulation {
  clock: Clock;
  /** Length of a policy day in milliseconds. */
  day: number;
  meta: Meta;
  network: PhoneNetwork;
  tokens: AccessTokens;
  signupCodes: SignupCodes;
  faults: Faults;
  barriers: Barriers;
  callLog: CallLog;
  deliveries: Deliveries;
}

export function createSimulation(options: {
  day: number;
  seed: number;
  now: () => number;
  assumptions: Assumptions;
  invalidTokens: readonly string[];
}): Simulation {
  const { day, seed, now, assumptions, invalidTokens } = options;
  const clock = new Clock(now);
  const network = new PhoneNetwork(clock);
  const tokens = new AccessTokens(clock, new Random(seed, 'tokens'), invalidTokens);
  const meta = new Meta(clock, policyOf(day), network, tokens, assumptions, seed);
  return {
    clock,
    day,
    meta,
    network,
    tokens,
    signupCodes: new SignupCodes(clock, new Random(seed, 'signup')),
    faults: new Faults(new Random(seed, 'faults')),
    barriers: new Barriers(),
    callLog: new CallLog(),
    deliveries: new Deliveries(clock, () => meta.assumptions),
  };
}
