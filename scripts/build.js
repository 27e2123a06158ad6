'use strict';

// npm run build; and what npm runs once it has installed the packages.
const { build, root } = require('../stack/set-up/checkout');
const { installPackages, packagesInstalled } = require('../stack/set-up/packages');

try {
  // npm has just installed them where it runs this: it must not be started again from here.
  if (process.env['npm_lifecycle_event'] === 'prepare' || packagesInstalled(root)) build();
  else installPackages(root);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
