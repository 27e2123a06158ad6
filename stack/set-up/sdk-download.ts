import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from './command';

/** A download that has not come this far is given up, in milliseconds. */
const longest = 120_000;

/**
 * Temporal's SDK downloads either of its servers by starting it; a process of its own can be given up at any time.
 *
 * @param folder empty
 * @returns the program
 * @throws {CommandError} where it cannot be reached or has none for this machine
 */
export async function sdkDownload(
  start: 'createLocal' | 'createTimeSkipping',
  folder: string,
): Promise<string> {
  await run(process.execPath, ['-e', script, require.resolve('@temporalio/testing'), start, folder], {
    timeout: longest,
  });
  const [name = ''] = await readdir(folder);
  return path.join(folder, name);
}

const script = `
const [testing, start, downloadDir] = process.argv.slice(1);
const server = { executable: { type: 'cached-download', downloadDir } };
require(testing).TestWorkflowEnvironment[start]({ server })
  .then((environment) => environment.teardown())
  .catch((error) => {
    console.error(String(error));
    process.exitCode = 1;
  });
`;
