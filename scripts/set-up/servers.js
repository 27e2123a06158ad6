'use strict';

const { findTemporalCli, temporalCli } = require('./temporal-cli');
const { findTimeSkippingServer, timeSkippingServer } = require('./time-skipping-server');

/** @typedef {import('./progress').Progress} Progress */

/** @param {Progress} progress */
const getTemporalCli = async (progress) =>
  findTemporalCli() ?? progress.step('Get the Temporal CLI', temporalCli, (place) => place);

/** @param {Progress} progress */
const getTestServer = async (progress) =>
  findTimeSkippingServer() ??
  progress.step("Get Temporal's time-skipping test server", timeSkippingServer, (place) => place);

/**
 * Both servers that tests run on, got at the same time. What is missing for either is told at once.
 *
 * @param {Progress} progress
 * @returns {Promise<{ cli: string, testServer: string }>} the programs that start them
 * @throws {AggregateError} of problems
 */
async function getServers(progress) {
  const [cli, testServer] = await Promise.allSettled([getTemporalCli(progress), getTestServer(progress)]);
  if (cli.status === 'fulfilled' && testServer.status === 'fulfilled') {
    return { cli: cli.value, testServer: testServer.value };
  }
  throw new AggregateError(
    [cli, testServer].flatMap((end) => (end.status === 'rejected' ? [end.reason] : [])),
  );
}

module.exports = { getTemporalCli, getServers };
