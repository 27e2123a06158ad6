import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { progress } from '../../cli/progress';
import { packagesInstalled } from '../../stack/set-up/packages';
import { keep } from '../../stack/set-up/programs';
import { run } from '../../stack/set-up/command';

const cacheHome = process.env['XDG_CACHE_HOME'];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-'));
  process.env['XDG_CACHE_HOME'] = folder;
});

afterEach(async () => {
  if (cacheHome === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheHome;
  await rm(folder, { recursive: true });
});

describe("the user's cache", () => {
  const make = async (draft: string) => {
    await writeFile(path.join(draft, 'program'), 'made');
    return path.join(draft, 'program');
  };

  it('has a thing whole or not at all', async () => {
    const broken = keep('thing', async (draft) => {
      await make(draft);
      throw new Error('interrupted');
    });
    await expect(broken).rejects.toThrow('interrupted');
    expect(await readdir(path.join(folder, 'preverified'))).toEqual([]);
    expect(await readFile(await keep('thing', make), 'utf8')).toBe('made');
  });

  it('has each thing made once, and takes two that make it at the same time', async () => {
    const both = await Promise.all([
      keep('thing', async (draft) => draft),
      keep('thing', async (draft) => draft),
    ]);
    const again = await keep('thing', () => Promise.reject(new Error('made again')));
    expect(new Set([...both, again]).size).toBe(1);
    expect(await readdir(path.join(folder, 'preverified'))).toEqual(['thing']);
  });
});

describe('packages are installed anew', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const installed = async (wanted: object, found: object | null) => {
    await writeFile(path.join(folder, 'package-lock.json'), lock(wanted));
    await mkdir(path.join(folder, 'node_modules'), { recursive: true });
    const hidden = path.join(folder, 'node_modules/.package-lock.json');
    if (found) await writeFile(hidden, lock(found));
    return packagesInstalled(folder);
  };
  const ms = { 'node_modules/ms': { version: '2.1.3' } };

  it('where there are none', async () => {
    expect(await installed(ms, null)).toBe(false);
  });

  it('where the lock file wants another version, or one more', async () => {
    expect(await installed(ms, { 'node_modules/ms': { version: '2.1.2' } })).toBe(false);
    expect(await installed({ ...ms, 'node_modules/pino': { version: '10.4.0' } }, ms)).toBe(false);
  });

  it('not where they are as the lock file wants them, but for what other machines need', async () => {
    const elsewhere = { 'node_modules/fsevents': { version: '2.3.3', optional: true } };
    expect(await installed({ '': { version: '0.1.0' }, ...ms, ...elsewhere }, ms)).toBe(true);
  });
});

it('a command that fails says which one it was and what it said', async () => {
  await expect(run('sh', ['-c', 'echo first; echo last >&2; exit 7'])).rejects.toThrow(
    /^"sh -c .*" ended with 7\n {4}first\n {4}last$/,
  );
});

it('a command that hangs is given up', async () => {
  await expect(run('sleep', ['60'], { timeout: 50 })).rejects.toThrow('was stopped by SIGTERM');
});

it('progress that nobody watches live is a line for each step', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const unknown = progress(null, 'Getting it');
  unknown.step('50 packages');
  unknown.stop();
  const known = progress(2, 'adding');
  known.step('one');
  known.step('two');
  known.stop();
  const written = write.mock.calls.map(([text]) => text);
  write.mockRestore();
  expect(written).toEqual(['Getting it: 50 packages\n', '1/2 one\n', '2/2 two\n']);
});

it('a run of tests ends with a line that counts a file that does not load as a failure', async () => {
  const reporter = path.join(__dirname, 'closing-line.js');
  const results = {
    numPassedTests: 12,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 0,
    numTodoTests: 0,
  };
  const script = `new (require(${JSON.stringify(reporter)}))().onRunComplete([], ${JSON.stringify(results)}); console.log('summary')`;
  expect(await run(process.execPath, ['-e', script])).toBe('summary\n12 passed, 2 failed');
});
