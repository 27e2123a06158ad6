'use strict';

// npm run record-histories: sets up, then records the histories that every later version must replay.
const path = require('node:path');
const { setUp } = require('./set-up');
const { handOver } = require('./set-up/command');
const { root } = require('./set-up/places');
const { main } = require('./set-up/problem');
const { Progress } = require('./set-up/progress');
const { getServers } = require('./set-up/servers');

main(async () => {
  const progress = new Progress();
  await setUp(progress);
  const { cli, testServer } = await getServers(progress);
  const typescript = path.join(root, 'test/worker/fixtures/typescript.js');
  process.exitCode = await handOver(
    process.execPath,
    ['-r', typescript, path.join(root, 'test/histories/record.ts')],
    { ...process.env, TEMPORAL_CLI_PATH: cli, TEMPORAL_TEST_SERVER_PATH: testServer },
  );
});
