'use strict';

// npm run build; and what npm runs once it has installed the packages.
const { writeFileSync } = require('node:fs');
const { build, isBuilt, root } = require('../stack/set-up/checkout');
const { installPackages, packagesInstalled } = require('../stack/set-up/packages');

/**
 * npm keeps what a script says to itself.
 *
 * @param {string} text
 */
function sayOnTerminal(text) {
  try {
    writeFileSync('/dev/tty', text);
  } catch {
    // There is no terminal, and nobody who waits at one.
  }
}

try {
  // npm has just installed them where it runs this: it must not be started again from here. "npx preverified" prepares the
  // checkout, too, whenever its own cache does not know it: what is built already is not built again.
  const prepares = process.env['npm_lifecycle_event'] === 'prepare';
  if (prepares && isBuilt()) process.exitCode = 0;
  else if (prepares || packagesInstalled(root)) {
    if (prepares) sayOnTerminal('preverified is being built, once: that takes half a minute …\n');
    build();
  } else installPackages(root);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
