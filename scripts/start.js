'use strict';

// npm start: sets up, then shows some hundred days of a pool's life in about a minute.
// npm run dev: sets up, then keeps the same stack up to play with.
// npm run bench: sets up, then measures; with "-- --help" it says what.
const path = require('node:path');
const { setUp } = require('./set-up');
const { handOver } = require('./set-up/command');
const { root } = require('./set-up/places');
const { main } = require('./set-up/problem');
const { Progress } = require('./set-up/progress');
const { getTemporalCli } = require('./set-up/servers');

main(async () => {
  const [what = 'demo', ...args] = process.argv.slice(2);
  const progress = new Progress();
  await setUp(progress);
  const cli = await getTemporalCli(progress);
  process.exitCode = await handOver(
    process.execPath,
    [path.join(root, 'dist', what === 'bench' ? what : `scripts/${what}`, 'main.js'), ...args],
    {
      ...process.env,
      TEMPORAL_CLI_PATH: cli,
    },
  );
});
