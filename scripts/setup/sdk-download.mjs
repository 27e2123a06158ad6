import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './places.mjs';
import { run, step } from './step.mjs';

const kinds = {
  'dev-server': { name: 'Temporal CLI', file: /^temporal-cli-/, start: 'createLocal' },
  'test-server': {
    name: 'time-skipping test server',
    file: /^temporal-test-server-/,
    start: 'createTimeSkipping',
  },
};

/**
 * A server as the Temporal SDK downloads it for itself, kept in the user's cache; `null` where the download does not
 * work, which is said and no fault: there are other ways.
 */
export async function downloaded(kind) {
  const { name, file, start } = kinds[kind];
  const folder = path.join(cache, 'sdk');
  mkdirSync(folder, { recursive: true });
  const kept = () => readdirSync(folder).find((entry) => file.test(entry) && !entry.endsWith('.downloading'));
  if (!kept()) {
    const options = { server: { executable: { type: 'cached-download', downloadDir: folder } } };
    const script = `
      const { TestWorkflowEnvironment } = require('@temporalio/testing');
      const { DefaultLogger, Runtime } = require('@temporalio/worker');
      Runtime.install({ logger: new DefaultLogger('ERROR') });
      TestWorkflowEnvironment.${start}(${JSON.stringify(options)}).then((server) => server.teardown()).catch(() => process.exit(1));`;
    await step(`Download the ${name}`, async () => {
      const { code } = await run(process.execPath, ['-e', script], { cwd: root, timeout: 90_000 });
      if (code !== 0) console.log(`  The ${name} cannot be downloaded from here: trying another way.`);
    });
  }
  const entry = kept();
  return entry && existsSync(path.join(folder, entry)) ? path.join(folder, entry) : null;
}
