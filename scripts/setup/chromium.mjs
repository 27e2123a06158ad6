import { existsSync } from 'node:fs';
import { onPath } from './places.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** A real Chromium: CHROMIUM_PATH, else one on the PATH; `null` where there is none. */
export function chromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && existsSync(given)) return given;
  return commands.map(onPath).find((found) => found !== null) ?? null;
}
