'use strict';

// npm test: sets up, then runs every test; those in a browser where there is a Chromium.
// npm run test:browser: those in a browser alone.
const { setUp } = require('./set-up');
const { chromiumRemedy, findChromium } = require('./set-up/chromium');
const { handOver } = require('./set-up/command');
const { root } = require('./set-up/places');
const { main, Problem } = require('./set-up/problem');
const { Progress } = require('./set-up/progress');
const { getServers } = require('./set-up/servers');

main(async () => {
  const args = process.argv.slice(2);
  const progress = new Progress();
  await setUp(progress);
  await getServers(progress);
  const browser = findChromium();
  if (!browser && args.some((arg) => arg.startsWith('test/browser'))) {
    throw new Problem('There is no Chromium to run the browser tests in', chromiumRemedy);
  }
  if (!browser) {
    console.error(`The browser tests are left out, for there is no Chromium: ${chromiumRemedy}`);
    args.push('--testPathIgnorePatterns', '/node_modules/', '<rootDir>/test/browser/');
  }
  process.chdir(root);
  const code = await handOver(process.execPath, [require.resolve('jest/bin/jest'), ...args]);
  // Where nobody reads along, tests that are left out are tests that failed.
  process.exitCode = code === 0 && !browser && process.env['CI'] ? 1 : code;
});
