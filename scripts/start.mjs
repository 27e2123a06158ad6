// npm start: from a fresh clone to a pool of numbers that live some hundred days, in about a minute.
// npm run dev: the same stack, to play with until Ctrl-C.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installAndBuild } from './setup/dependencies.mjs';
import { main } from './setup/main.mjs';
import { root } from './setup/places.mjs';
import { temporalCli } from './setup/temporal-cli.mjs';

main(async () => {
  await installAndBuild();
  const TEMPORAL_CLI_PATH = await temporalCli();
  const [what = 'demo', ...args] = process.argv.slice(2);
  const child = spawn(process.execPath, [path.join(root, `dist/scripts/${what}/main.js`), ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEMPORAL_CLI_PATH },
  });
  // The child ends itself on these, and this one waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => (process.exitCode = code ?? 1));
});
