import { chromium, type Browser } from 'playwright-core';
import { chromiumLacks, findChromium } from '../../stack/set-up/chromium';

/** A real browser that talks to nobody but the pages it is given. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(chromiumLacks());
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
