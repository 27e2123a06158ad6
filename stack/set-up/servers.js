'use strict';

const { findOnPath } = require('./places');
const { findPostgres, postgresRemedy } = require('./postgres');
const { Problem } = require('./problem');
const { findTemporalCli, temporalCli } = require('./temporal-cli');
const { findTemporalServer, temporalServer } = require('./temporal-server');
const { findTimeSkippingServer, timeSkippingServer } = require('./time-skipping-server');

/** @typedef {import('./progress').Progress} Progress */

/** @param {Progress} progress */
const getTemporalCli = async (progress) =>
  findTemporalCli() ?? progress.step('Get the Temporal CLI', temporalCli, (place) => place);

/** @param {Progress} progress */
const getTestServer = async (progress) =>
  findTimeSkippingServer() ??
  progress.step("Get Temporal's time-skipping test server", timeSkippingServer, (place) => place);

/** @param {Progress} progress */
const getTemporalServer = async (progress) =>
  findTemporalServer() ?? progress.step('Get the Temporal server', temporalServer, (place) => place);

/** @returns {Promise<string>} */
const getPostgres = () =>
  new Promise((resolve) => {
    const found = findPostgres();
    if (!found) throw new Problem('PostgreSQL is not on this machine', postgresRemedy);
    resolve(found);
  });

/**
 * Gets several at the same time. What is missing for any of them is told at once.
 *
 * @template {Record<string, Promise<string>>} Wanted
 * @param {Wanted} wanted
 * @returns {Promise<{ [Name in keyof Wanted]: string }>}
 * @throws {AggregateError} of problems
 */
async function together(wanted) {
  const ends = await Promise.allSettled(Object.values(wanted));
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (faults.length > 0) throw new AggregateError(faults);
  const found = ends.map((end) => (end.status === 'fulfilled' ? end.value : ''));
  const entries = Object.keys(wanted).map((name, index) => [name, found[index]]);
  return /** @type {{ [Name in keyof Wanted]: string }} */ (Object.fromEntries(entries));
}

/**
 * Both servers that tests run on: the programs that start them.
 *
 * @param {Progress} progress
 * @throws {AggregateError} of problems
 */
const getServers = (progress) =>
  together({ cli: getTemporalCli(progress), testServer: getTestServer(progress) });

/**
 * What a cluster consists of: the folders of the programs of Temporal's server and of PostgreSQL.
 *
 * @param {Progress} progress
 * @throws {AggregateError} of problems
 */
const getCluster = (progress) =>
  together({ temporalBin: getTemporalServer(progress), postgresBin: getPostgres() });

/** @returns {string | undefined} what keeps a cluster from being had here */
function clusterLacks() {
  if (!findPostgres()) return `there is no PostgreSQL: ${postgresRemedy}`;
  if (findTemporalServer() || findOnPath('go')) return undefined;
  return 'there is no Go to build the Temporal server with: install Go (https://go.dev/dl)';
}

module.exports = { getTemporalCli, getServers, getCluster, clusterLacks };
