import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workflowBundle } from '../../worker/workflow-bundle';

const cache = path.resolve(__dirname, '../../node_modules/.cache');
let folder: string;
let workflows: string;
beforeAll(async () => {
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'bundle-test-'));
  workflows = path.join(folder, 'index.js');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(await keptFile());
});

async function keptFile(): Promise<string> {
  const kept = path.join(cache, 'preverified');
  const name = (await readdir(kept)).find((file) =>
    file.includes(path.basename(folder).replace(/\W+/g, '-')),
  );
  return path.join(kept, name ?? 'none');
}

/** Dated ahead of what is kept: two changes within a file system's tick look alike. */
async function write(word: string, secondsAhead: number): Promise<void> {
  await writeFile(workflows, `exports.workflow = async () => '${word}';`);
  const date = new Date(Date.now() + secondsAhead * 1000);
  await utimes(workflows, date, date);
}

test('the workflows are bundled once, and again when a source is newer', async () => {
  await write('first', -60);
  await utimes(folder, new Date(0), new Date(0));
  expect((await workflowBundle(undefined, workflows)).code).toContain("'first'");
  const { ino } = await stat(await keptFile());

  expect((await workflowBundle(undefined, workflows)).code).toContain("'first'");
  expect((await stat(await keptFile())).ino).toBe(ino);

  await write('second', 60);
  expect((await workflowBundle(undefined, workflows)).code).toContain("'second'");
  expect((await stat(await keptFile())).ino).not.toBe(ino);
});

test("XState's development build is left out", async () => {
  const { code } = await workflowBundle();
  expect(code).toContain('node_modules/xstate/dist/');
  expect(code).not.toMatch(/node_modules\/xstate\/[^"]*development/);
});

test('what all numbers share knows nothing of a run, and is most of what they are made of', async () => {
  const shared = await reachable(path.resolve(__dirname, '../../workflows/shared.ts'));
  expect([...shared.packages].filter((name) => name.startsWith('@temporalio/'))).toEqual([
    '@temporalio/common',
  ]);
  const all = await reachable(path.resolve(__dirname, '../../workflows/number/number-lifecycle.ts'));
  const apart = [...all.files].filter((file) => !shared.files.has(file)).map((file) => path.basename(file));
  expect(apart.sort()).toEqual([
    'call-activity.ts',
    'current-details.ts',
    'durable-chart.ts',
    'graph-calls.ts',
    'life-on-temporal.ts',
    'number-lifecycle.ts',
    'outbox.ts',
    'run-length.ts',
    'signal-delivery.ts',
  ]);
});

/** The files and packages that a module loads, types left out. */
async function reachable(entry: string): Promise<{ files: Set<string>; packages: Set<string> }> {
  const found = { files: new Set<string>(), packages: new Set<string>() };
  const load = async (file: string) => {
    if (found.files.has(file)) return;
    found.files.add(file);
    const source = await readFile(file, 'utf8');
    for (const [, name = ''] of source.matchAll(
      /^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)';/gm,
    )) {
      if (name.startsWith('.')) await load(require.resolve(path.resolve(path.dirname(file), name)));
      else found.packages.add(name);
    }
  };
  await load(entry);
  return found;
}
