'use strict';

const { existsSync } = require('node:fs');
const { mkdir, readdir } = require('node:fs/promises');
const path = require('node:path');
const { run } = require('./command');

/** A download that has not come this far is given up, in milliseconds. */
const patience = 90_000;

/**
 * Temporal's SDK can download both of its servers, by starting them.
 *
 * @param {'createLocal' | 'createTimeSkipping'} start
 * @param {string} folder where the program stays
 * @returns {Promise<string | undefined>} the program, if the SDK has one for this machine and can be reached
 */
async function sdkDownload(start, folder) {
  await mkdir(folder, { recursive: true });
  const kept = await downloaded(folder);
  if (kept) return kept;
  try {
    await run(process.execPath, [__filename, start, folder], { timeout: patience });
  } catch {
    return undefined;
  }
  return downloaded(folder);
}

/** @param {string} folder */
async function downloaded(folder) {
  // A download under way has another ending.
  const name = (await readdir(folder)).find((entry) => /-sdk-typescript-[\d.]+(\.exe)?$/.test(entry));
  return name && path.join(folder, name);
}

/** The child: a process of its own can be given up at any time. @param {string} start @param {string} downloadDir */
async function download(start, downloadDir) {
  const { TestWorkflowEnvironment } = require('@temporalio/testing');
  const server = { executable: { type: /** @type {const} */ ('cached-download'), downloadDir } };
  const environment =
    start === 'createLocal'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await environment.teardown();
}

if (require.main === module) {
  const [start = '', folder = ''] = process.argv.slice(2);
  download(start, folder).catch((/** @type {unknown} */ error) => {
    console.error(String(error));
    process.exitCode = 1;
  });
}

module.exports = { sdkDownload };
