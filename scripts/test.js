'use strict';

// npm test: sets up, then runs every test, and counts what of the chart and the Graph client they reach; those in a
// browser where there is a Chromium, those on a cluster where there are PostgreSQL and Go.
// npm run test:browser: those in a browser alone.
const { setUp } = require('../stack/set-up');
const { chromiumLacks } = require('../stack/set-up/chromium');
const { handOver } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main, Problem } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { clusterLacks, getCluster, getServers } = require('../stack/set-up/servers');

/** Tests that need what a machine may lack, each a folder. */
const optional = [
  { folder: 'test/browser', tests: 'browser tests', lacks: chromiumLacks },
  { folder: 'test/cluster', tests: 'tests on a cluster', lacks: clusterLacks },
];

main(async () => {
  const args = process.argv.slice(2);
  /** @param {string} folder */
  const isNamed = (folder) => args.some((arg) => arg.startsWith(folder));
  const progress = new Progress();
  await setUp(progress);
  await getServers(progress);
  const missing = optional.filter(({ folder, tests, lacks }) => {
    const fault = lacks();
    if (!fault) return false;
    if (isNamed(folder)) throw new Problem(`The ${tests} cannot run`, fault);
    console.error(`The ${tests} are left out, for ${fault}`);
    return true;
  });
  if (!clusterLacks() && (args.length === 0 || isNamed('test/cluster'))) await getCluster(progress);
  if (args.length === 0) args.push('--coverage');
  if (missing.length > 0) {
    const folders = missing.map(({ folder }) => `<rootDir>/${folder}/`);
    args.push('--testPathIgnorePatterns', '/node_modules/', ...folders);
  }
  process.chdir(root);
  const code = await handOver(process.execPath, [require.resolve('jest/bin/jest'), ...args]);
  // Where nobody reads along, tests that are left out are tests that failed.
  process.exitCode = code === 0 && missing.length > 0 && process.env['CI'] ? 1 : code;
});
