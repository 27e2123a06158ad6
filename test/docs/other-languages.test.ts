import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Laptop } from '../client/laptop';
import { blocks } from './pages';

const page = 'docs/other-languages.md';
/** Packages are got once, and kept where set-up keeps servers. */
const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'preverified');
const folder = mkdtempSync(path.join(tmpdir(), 'preverified-languages-'));

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await laptop.close();
});

const run = promisify(execFile);

/** What keeps a language from being tested here, printed; `null` where nothing does. */
function missing(language: string, get: () => void): string | null {
  try {
    get();
    return null;
  } catch (error) {
    const [reason] = String((error as { stderr?: unknown }).stderr ?? error).split('\n');
    console.log(`The example in ${language} is not run here: ${String(reason)}`);
    return String(reason);
  }
}

const quietly = { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] };

test('the Python example starts, signals, updates and queries a number, encrypted', async () => {
  const packages = path.join(cache, 'python-temporalio');
  const python = path.join(packages, 'bin/python');
  const reason = missing('Python', () => {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', packages], quietly);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'temporalio', 'cryptography'], quietly);
  });
  if (reason !== null) return;
  const [codec = '', example = ''] = blocks(page, 'python');
  writeFileSync(path.join(folder, 'codec.py'), codec);
  writeFileSync(path.join(folder, 'number.py'), example);
  const { stdout } = await run(python, ['number.py'], {
    cwd: folder,
    env: { ...process.env, ...laptop.env },
  });
  expect(stdout.split('\n')).toEqual([
    'lucky-shrub',
    'Reserved',
    expect.stringMatching(/^(Added|CodeRequested)$/),
    '',
  ]);
  await isThere('15550783901', 'python');
}, 600_000);

test('the Go example starts, signals, updates and queries a number, encrypted', async () => {
  const module = path.join(cache, 'go-temporal-example');
  const [example = ''] = blocks(page, 'go');
  const reason = missing('Go', () => {
    mkdirSync(module, { recursive: true });
    writeFileSync(path.join(module, 'main.go'), example);
    const go = (...args: string[]) => execFileSync('go', args, { ...quietly, cwd: module });
    if (!existsSync(path.join(module, 'go.mod'))) go('mod', 'init', 'example.com/number');
    go('mod', 'tidy');
  });
  if (reason !== null) return;
  const { stdout } = await run('go', ['run', '.'], { cwd: module, env: { ...process.env, ...laptop.env } });
  expect(stdout).toMatch(/^lucky-shrub\n(Added|CodeRequested)\n$/);
  await isThere('15550783902', 'go');
}, 1_200_000);

/** It lives as one of ours, and lists tell who added it. */
async function isThere(number: string, by: string): Promise<void> {
  const pool = laptop.pool();
  const record = await pool.waitUntil(number, ({ sharedWith }) => sharedWith.length > 0);
  expect(record).toMatchObject({ sharedWith: ['4711'], reservation: { customerId: 'lucky-shrub' } });
  const { memo } = await laptop.connected.client.workflow.getHandle(`number:${number}`).describe();
  expect(memo).toMatchObject({ addedBy: by });
}
