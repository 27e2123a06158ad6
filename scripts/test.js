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
const { restateLacks } = require('../stack/set-up/restate');
const { clusterLacks, getCluster, getServers } = require('../stack/set-up/servers');

/** Tests that need what a machine may lack, each a folder or a file. */
const optional = [
  { place: 'test/browser', tests: 'browser tests', lacks: chromiumLacks },
  { place: 'test/cluster', tests: 'tests on a cluster', lacks: clusterLacks },
  { place: 'test/bench/restate', tests: 'tests of the bench on Restate', lacks: restateLacks },
];

main(async () => {
  const args = process.argv.slice(2);
  /** @param {string} place */
  const isNamed = (place) => args.some((arg) => arg.startsWith(place));
  const progress = new Progress();
  await setUp(progress);
  await getServers(progress);
  const missing = optional.filter(({ place, tests, lacks }) => {
    const fault = lacks();
    if (!fault) return false;
    if (isNamed(place)) throw new Problem(`The ${tests} cannot run`, fault);
    console.error(`The ${tests} are left out, for ${fault}`);
    return true;
  });
  if (!clusterLacks() && (args.length === 0 || isNamed('test/cluster'))) await getCluster(progress);
  if (args.length === 0) args.push('--coverage');
  if (missing.length > 0) {
    const places = missing.map(({ place }) => `<rootDir>/${place}`);
    args.push('--testPathIgnorePatterns', '/node_modules/', ...places);
  }
  process.chdir(root);
  const code = await handOver(process.execPath, [require.resolve('jest/bin/jest'), ...args]);
  // Where nobody reads along, tests that are left out are tests that failed.
  process.exitCode = code === 0 && missing.length > 0 && process.env['CI'] ? 1 : code;
});
