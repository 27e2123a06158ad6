'use strict';

// npm run test:chaos: sets up, then breaks everything in turn while numbers live; with "-- --help" it says what.
const path = require('node:path');
const { setUp } = require('./set-up');
const { handOver } = require('./set-up/command');
const { root } = require('./set-up/places');
const { main } = require('./set-up/problem');
const { Progress } = require('./set-up/progress');
const { getTemporalCli } = require('./set-up/servers');

main(async () => {
  const progress = new Progress();
  await setUp(progress);
  const cli = await getTemporalCli(progress);
  process.chdir(root);
  process.exitCode = await handOver(
    process.execPath,
    [
      '--require',
      path.join(root, 'test/worker/fixtures/typescript.js'),
      path.join(root, 'test/chaos/main.ts'),
      ...process.argv.slice(2),
    ],
    { ...process.env, TEMPORAL_CLI_PATH: cli },
  );
});
