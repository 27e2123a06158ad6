import path from 'node:path';
import { readdirSync } from 'node:fs';
import { importsOf } from '../../scripts/pack/reach';
import { run } from '../../stack/set-up/command';

const root = path.resolve(__dirname, '../..');
const dist = path.join(root, 'dist');

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

test('no file imports, over others, itself: not at once, nor later, nor for a type', () => {
  const sources = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|dist|node_modules|coverage)/.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(file))
        .map((file) => path.join(root, name, file)),
    );
  expect(sources.length).toBeGreaterThan(500);
  let left = new Map(sources.map((file) => [file, importsOf(file).files]));
  // What imports nothing of the rest, or is imported by nothing of it, is in no circle.
  for (let before = 0; before !== left.size;) {
    before = left.size;
    const imported = new Set([...left.values()].flat());
    left = new Map(
      [...left].filter(([file, files]) => imported.has(file) && files.some((each) => left.has(each))),
    );
  }
  expect([...left.keys()].map((file) => path.relative(root, file))).toEqual([]);
});
