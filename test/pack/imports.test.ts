import path from 'node:path';
import { run } from '../../stack/set-up/command';

const client = path.resolve(__dirname, '../../dist/client/index.js');

/** What a process has loaded once it has imported a module: files of `dist/`, and packages by their names. */
async function loadedWith(module: string): Promise<string[]> {
  const print = `require(${JSON.stringify(module)}); console.log(Object.keys(require.cache).join('\\n'))`;
  const files = (await run(process.execPath, ['-e', print])).split('\n');
  const names = files.map((file) => {
    const [, foreign] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    return foreign ?? path.relative(path.resolve(__dirname, '../../dist'), file).split(path.sep)[0]!;
  });
  return [...new Set(names)].sort();
}

test('importing NumberPool loads what it needs, and neither XState nor a worker nor a server of HTTP', async () => {
  const loaded = await loadedWith(client);
  expect(
    loaded.filter((name) => !name.includes('/') && /^(client|contract|settings|temporal)$/.test(name)),
  ).toEqual(['client', 'contract', 'settings', 'temporal']);
  const ours = [
    'workflows',
    'activities',
    'audit',
    'worker',
    'gateway',
    'cli',
    'simulator',
    'stack',
    'bench',
  ];
  const theirs = ['xstate', 'fastify', '@fastify/cors', 'twilio', 'pino', 'pino-pretty', 'node-fetch'];
  const temporal = [
    '@temporalio/worker',
    '@temporalio/core-bridge',
    '@temporalio/workflow',
    '@temporalio/activity',
  ];
  const unwanted = [...ours, ...theirs, ...temporal];
  expect(loaded.filter((name) => unwanted.includes(name))).toEqual([]);
});
