'use strict';

const { readdir } = require('node:fs/promises');
const path = require('node:path');
const { run } = require('./command');

/** A download that has not come this far is given up, in milliseconds. */
const patience = 120_000;

/**
 * Temporal's SDK downloads either of its servers by starting it; a process of its own can be given up at any time.
 *
 * @param {'createLocal' | 'createTimeSkipping'} start
 * @param {string} folder empty
 * @returns {Promise<string>} the program
 * @throws {import('./command').CommandError} where it cannot be reached or has none for this machine
 */
async function sdkDownload(start, folder) {
  await run(process.execPath, [__filename, start, folder], { timeout: patience });
  const [name = ''] = await readdir(folder);
  return path.join(folder, name);
}

/** @param {string} start @param {string} downloadDir */
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
