import { existsSync } from 'node:fs';
import { findNamed, findOnPath } from './programs';

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** A Chromium: `CHROMIUM_PATH`, else one on PATH, else the one that Playwright installs. */
export function findChromium(): string | undefined {
  return findNamed('CHROMIUM_PATH') ?? findOnPath(...commands) ?? installedByPlaywright();
}

function installedByPlaywright(): string | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- large, and often not needed
  const { chromium } = require('playwright-core') as typeof import('playwright-core');
  const place = chromium.executablePath();
  return existsSync(place) ? place : undefined;
}

/** What keeps browser tests from running here. */
export const chromiumLacks = () =>
  findChromium()
    ? undefined
    : 'there is no Chromium: install Chromium or Chrome ("apt-get install chromium", or "npx playwright-core install chromium"), or name one in CHROMIUM_PATH';
