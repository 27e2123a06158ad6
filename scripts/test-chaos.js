'use strict';

// npm run test:chaos: sets up, then breaks everything in turn while numbers live; with "-- --help" it says what.
const path = require('node:path');
const { setUp } = require('../stack/set-up');
const { handOver } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { getTemporalCli } = require('../stack/set-up/servers');

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
