import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../stack/set-up/command';

const main = path.resolve(__dirname, '../../dist/bench/main.js');

/** Milliseconds after which a bench hangs; a machine that is busy with other things needs many times what it takes. */
const hangs = 900_000;
/** For the test around it. */
export const benchTimeout = hangs + 30_000;

/** `npm run bench -- <name> --short`, as it was built: the figures that it keeps. */
export async function shortRun<Figures>(name: string): Promise<Figures> {
  const results = await mkdtemp(path.join(tmpdir(), 'preverified-bench-'));
  try {
    await run(process.execPath, [main, name, '--short', '--results', results], { timeout: hangs });
    const [file = ''] = await readdir(results);
    return (JSON.parse(await readFile(path.join(results, file), 'utf8')) as { figures: Figures }).figures;
  } finally {
    await rm(results, { recursive: true });
  }
}
