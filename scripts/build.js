'use strict';

// npm run build.
const { build } = require('./set-up/build');
const { checkNode } = require('./set-up/node-version');
const { installPackages, packagesInstalled } = require('./set-up/packages');
const { main } = require('./set-up/problem');
const { Progress } = require('./set-up/progress');

main(async () => {
  checkNode();
  const progress = new Progress();
  // npm runs this after it has installed the packages: then it must not be started again from here.
  if (process.env['npm_lifecycle_event'] !== 'prepare' && !packagesInstalled()) {
    await progress.step('Install the packages and build', installPackages);
  } else {
    await progress.step('Build', build);
  }
});
