import path from 'node:path';
import type { Page } from 'playwright-core';

/** Saved under `screenshots/` for people to look at; a test never reads it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(__dirname, 'screenshots', `${name}.png`) });
}
