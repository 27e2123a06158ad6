import path from 'node:path';
import { run } from '../../stack/set-up/command';

const dist = path.resolve(__dirname, '../../dist');

/** What a process has loaded once it has imported a module of the build: folders of ours, and packages by their names. */
async function loadedWith(module: string): Promise<{ folders: string[]; packages: string[] }> {
  const print = `require(${JSON.stringify(path.join(dist, module))}); console.log(Object.keys(require.cache).join('\\n'))`;
  const folders = new Set<string>();
  const packages = new Set<string>();
  for (const file of (await run(process.execPath, ['-e', print])).split('\n')) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
    if (name === undefined) folders.add(path.relative(dist, file).split(path.sep)[0]!);
    else packages.add(name);
  }
  return { folders: [...folders].sort(), packages: [...packages].sort() };
}

test('importing NumberPool loads neither XState, the chart, the worker, Fastify nor Twilio', async () => {
  const { folders, packages } = await loadedWith('client/index.js');
  expect(folders).toEqual(['client', 'contract', 'settings', 'temporal']);
  expect(packages).toContain('@temporalio/client');
  const unwanted =
    /^(libsql|kysely|pg|xstate|fastify|@fastify\/.*|twilio|pino.*|node-fetch|@temporalio\/(worker|core-bridge|workflow|activity))$/;
  expect(packages.filter((name) => unwanted.test(name))).toEqual([]);
});
