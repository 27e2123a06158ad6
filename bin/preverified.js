#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { checkNode } = require('./node-version');

const main = path.join(__dirname, '../dist/cli/main.js');
try {
  checkNode();
  if (!existsSync(main)) {
    throw new Error(
      'preverified is not built yet: run "npm ci", or "npm run build" if that was done without scripts.',
    );
  }
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}
// Newer versions of Node keep what they have compiled.
/** @type {{ enableCompileCache?: () => void }} */ (require('node:module')).enableCompileCache?.();
require(main);
