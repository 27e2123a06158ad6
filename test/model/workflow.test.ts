import fc from 'fast-check';
import { batch, type Batch } from './workflow/sequences';
import { Stage } from './workflow/play';

/**
 * A failure prints its seed and path: give them back as `MODEL_SEED` and `MODEL_PATH`, and it is looked for in shorter
 * sequences too. `MODEL_LIVES` makes it more or fewer.
 */
const { MODEL_LIVES: lives = '32', MODEL_PATH: path } = process.env;
const seed = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TOGETHER = 16;

test(`${lives} numbers on Temporal agree with the rules, whatever happens to them in whatever order`, async () => {
  process.stderr.write(`model: ${lives} numbers; again with MODEL_SEED=${String(seed)}\n`);
  const stage = await Stage.set();
  try {
    await fc.assert(
      fc.asyncProperty(batch(TOGETHER, 6), (plan) => stage.play(plan)),
      {
        numRuns: Math.ceil(Number(lives) / TOGETHER),
        // A shorter one is looked for where somebody waits for it, and not for ever.
        endOnFailure: path === undefined,
        ...(path && { interruptAfterTimeLimit: 900_000 }),
        seed,
        ...(path && { path }),
        reporter: (out) => report(out),
      },
    );
  } finally {
    await stage.close();
  }
}, 3_600_000);

function report({ failed, errorInstance, seed, counterexamplePath }: fc.RunDetails<[Batch]>): void {
  if (!failed) return;
  const again = `MODEL_SEED=${String(seed)} MODEL_PATH=${String(counterexamplePath)}`;
  throw new Error(`${(errorInstance as Error).message}\nagain with ${again}`, { cause: errorInstance });
}
