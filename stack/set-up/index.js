'use strict';

const { build, isBuilt } = require('./build');
const { checkNode } = require('./node-version');
const { installPackages, packagesInstalled } = require('./packages');

/**
 * Makes a checkout ready to run: its packages installed, and built from its sources as they are.
 *
 * @param {import('./progress').Progress} progress
 * @throws {import('./problem').Problem}
 */
async function setUp(progress) {
  checkNode();
  if (!packagesInstalled()) await progress.step('Install the packages and build', () => installPackages());
  if (!isBuilt()) await progress.step('Build', build);
}

module.exports = { setUp };
