'use strict';

const { existsSync } = require('node:fs');
const { findOnPath } = require('./places');
const { Problem } = require('./problem');

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** @returns {string | undefined} a Chromium: `CHROMIUM_PATH`, else one on PATH, else the one that Playwright installs */
function findChromium() {
  const named = process.env['CHROMIUM_PATH'];
  if (named && !existsSync(named)) {
    throw new Problem(`CHROMIUM_PATH names ${named}, which does not exist`, 'mend it or unset it');
  }
  return named || findOnPath(...commands) || installedByPlaywright();
}

function installedByPlaywright() {
  const place = require('playwright-core').chromium.executablePath();
  return existsSync(place) ? place : undefined;
}

/** @returns {string | undefined} what keeps browser tests from running here */
function chromiumLacks() {
  if (findChromium()) return undefined;
  return 'there is no Chromium: install Chromium or Chrome ("apt-get install chromium", or "npx playwright-core install chromium"), or name one in CHROMIUM_PATH';
}

module.exports = { findChromium, chromiumLacks };
