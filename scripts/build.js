'use strict';

// npm run build.
const { build } = require('../stack/set-up/build');
const { checkNode } = require('../stack/set-up/node-version');
const { installPackages, packagesInstalled } = require('../stack/set-up/packages');
const { main } = require('../stack/set-up/problem');
const { Progress } = require('../stack/set-up/progress');

main(async () => {
  checkNode();
  const progress = new Progress();
  // npm runs this after it has installed the packages: then it must not be started again from here.
  if (process.env['npm_lifecycle_event'] !== 'prepare' && !packagesInstalled()) {
    await progress.step('Install the packages and build', () => installPackages());
  } else {
    await progress.step('Build', build);
  }
});
