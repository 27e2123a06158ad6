'use strict';

// npm run test:nodes: sets up, then runs what may depend on Node, and needs little time of a server, on other versions of
// it than the one that "npm test" runs on. They come from npm, as the package "node".
const { setUp } = require('../stack/set-up');
const { handOver, run } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { getServers } = require('../stack/set-up/servers');

const versions = ['22', '24'];

const tests = [
  'test/chart/',
  ...['add', 'bad-input', 'closing', 'messages'].map((name) => `test/client/${name}.test.ts`),
  ...['command', 'routes'].map((name) => `test/gateway/${name}.test.ts`),
  ...['running', 'usage'].map((name) => `test/cli/${name}.test.ts`),
];

main(async () => {
  const named = process.argv.slice(2);
  const progress = new Progress();
  await setUp(progress);
  await getServers(progress);
  process.chdir(root);
  for (const version of named.length > 0 ? named : versions) {
    const node = await progress.step(`Get Node ${version}`, () => nodeOf(version));
    process.exitCode = await handOver(node, [require.resolve('jest/bin/jest'), ...tests]);
    if (process.exitCode !== 0) return;
  }
});

/** @param {string} version @returns {Promise<string>} where it is */
const nodeOf = (version) => run('npx', ['--yes', `node@${version}`, '--print', 'process.execPath']);
