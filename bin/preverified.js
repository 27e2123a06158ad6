#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

const main = path.join(__dirname, '../dist/cli/main.js');
if (!existsSync(main)) {
  console.error(
    'preverified is not built yet: run "npm ci", or "npm run build" if that was done without scripts.',
  );
  process.exit(1);
}
require(main);
