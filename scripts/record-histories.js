'use strict';

// npm run record-histories: sets up, then records the histories that every later version must replay.
const path = require('node:path');
const { setUp } = require('../stack/set-up');
const { handOver } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { getServers } = require('../stack/set-up/servers');

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
