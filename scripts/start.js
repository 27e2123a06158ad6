'use strict';

// npm start: sets up, then shows some hundred days of a pool's life in about a minute.
// npm run dev: sets up, then keeps the same stack up to play with.
// npm run bench: sets up, then measures; with "-- --help" it says what.
const path = require('node:path');
const { setUp } = require('../stack/set-up');
const { handOver } = require('../stack/set-up/command');
const { root } = require('../stack/set-up/places');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');
const { getRestate } = require('../stack/set-up/restate');
const { clusterLacks, getCluster, getTemporalCli } = require('../stack/set-up/servers');

main(async () => {
  const [what = 'demo', ...args] = process.argv.slice(2);
  const progress = new Progress();
  if (what === 'bench' && wantsRestate(args)) await getRestate(progress);
  await setUp(progress);
  const cli = await getTemporalCli(progress);
  const cluster = what === 'bench' && wantsCluster(args) ? await getCluster(progress) : undefined;
  process.exitCode = await handOver(
    process.execPath,
    [path.join(root, 'dist', what === 'bench' ? what : `stack/${what}`, 'main.js'), ...args],
    {
      ...process.env,
      TEMPORAL_CLI_PATH: cli,
      ...(cluster && { TEMPORAL_SERVER_BIN: cluster.temporalBin, POSTGRES_BIN: cluster.postgresBin }),
    },
  );
});

/**
 * The benches on a cluster are named, or all are; without PostgreSQL those that can also do without it.
 *
 * @param {string[]} args
 */
function wantsCluster(args) {
  const named = benchesIn(args);
  return named.includes('cluster') || (!clusterLacks() && (named.length === 0 || named.includes('resident')));
}

/** The bench on Restate is named, or all are. @param {string[]} args */
const wantsRestate = (args) =>
  benchesIn(args).includes('restate') || (benchesIn(args).length === 0 && !args.includes('--help'));

/** @param {string[]} args */
const benchesIn = (args) => args.filter((arg) => !arg.startsWith('-'));
