import fc from 'fast-check';
import { agree } from './agree';
import { command, rules } from './commands';

/**
 * A fifth of the sequences where somebody waits for them; `MODEL_RUNS` makes it more or fewer. A failure prints the seed and the path of its shortest sequence: give them back as
 * `MODEL_SEED` and `MODEL_PATH` to see it again.
 */
const { CI, MODEL_RUNS: runs = CI ? '100000' : '20000', MODEL_SEED: seed, MODEL_PATH: path } = process.env;

test('the chart agrees with the rules, whatever happens to a number in whatever order', () => {
  const sequence = fc.array(command, { maxLength: 24, size: 'max' });
  fc.assert(fc.property(rules, sequence, agree), {
    numRuns: Number(runs),
    ...(seed && { seed: Number(seed) }),
    ...(path && { path }),
  });
}, 600_000);
