'use strict';

const path = require('node:path');
const { installPackages, packagesInstalled } = require('./packages');
const { root } = require('./places');

/** The bench against Restate has packages of its own: they are large, and nothing else wants them. */
const folder = path.join(root, 'bench/restate');

const hasRestate = () => packagesInstalled(folder);

/** @returns {string | undefined} what keeps the bench from running here */
const restateLacks = () =>
  hasRestate() ? undefined : 'its packages are not installed: run "npm ci --prefix bench/restate"';

/** @param {import('./progress').Progress} progress @throws {import('./problem').Problem} */
async function getRestate(progress) {
  if (!hasRestate()) await progress.step("Install Restate's packages", () => installPackages(folder));
}

module.exports = { getRestate, hasRestate, restateLacks };
