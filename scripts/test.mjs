// npm test: gets what the tests need, then runs them all, in a real Chromium too where there is one.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from './setup/chromium.mjs';
import { installAndBuild } from './setup/dependencies.mjs';
import { main } from './setup/main.mjs';
import { root } from './setup/places.mjs';
import { SetupError } from './setup/step.mjs';
import { temporalCli } from './setup/temporal-cli.mjs';
import { testServer } from './setup/test-server.mjs';

main(async () => {
  await installAndBuild();
  const [cli, server] = await Promise.all([temporalCli(), testServer()]);
  process.env.TEMPORAL_CLI_PATH = cli;
  process.env.TEMPORAL_TEST_SERVER_PATH = server;

  const args = process.argv.slice(2);
  const browserOnly = args[0] === '--browser';
  const runs = browserOnly ? [] : [['jest.config.js', args]];
  if (browserOnly || args.length === 0)
    runs.push(['jest.browser.config.js', browserOnly ? args.slice(1) : []]);

  let passed = 0;
  let failed = 0;
  for (const [config, rest] of runs) {
    if (config === 'jest.browser.config.js') {
      const browser = chromium();
      if (!browser) {
        throw new SetupError(
          'The browser tests need Chromium: install it ("apt-get install chromium", or Chrome), or name it in CHROMIUM_PATH.',
        );
      }
      process.env.CHROMIUM_PATH = browser;
    }
    const result = await jest(config, rest);
    passed += result.numPassedTests;
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    if (result.code !== 0) process.exitCode = 1;
  }
  console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
});

/** One run of jest, and its own count of tests. */
async function jest(config, args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'preverified-'));
  const outputFile = path.join(folder, 'result.json');
  const cli = path.join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [cli, '--config', config, '--json', `--outputFile=${outputFile}`, ...args],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((resolve) => child.on('close', resolve));
  const nothing = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
  const result = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : nothing;
  rmSync(folder, { recursive: true });
  return { ...result, code };
}
